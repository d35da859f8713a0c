package iam

import (
	"strings"
	"testing"
)

// s3Object is an action and a resource for requests that differ in their context.
func s3Object(context map[string][]string) Request {
	return Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/o", Context: context}
}

func must(t testing.TB, document string) *Document {
	t.Helper()
	d, err := Parse([]byte(document))
	if err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return d
}

func TestWhatAWSDoesNotDocumentStopsTheEvaluation(t *testing.T) {
	type values = map[string][]string
	valid := one(effect, action, resource)
	trust := func(principal string) string {
		return `{"Version": "2012-10-17", "Statement": {
			"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": ` + principal + `}}`
	}
	for _, c := range []struct {
		name, document string
		request        Request
		want           string
	}{
		{
			"a wildcard inside a segment and a colon", one(effect, action, `"Resource": "arn:aws:s3:::b/*/x"`),
			Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/a:b/x"},
			"only if a wildcard inside a segment matches colons",
		},
		{
			"a question mark and a colon", one(effect, action, `"NotResource": "arn:aws:s3:::b/a?b"`),
			Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/a:b"},
			"only if a wildcard inside a segment matches colons",
		},
		{
			"a wildcard in the value of a variable", one(effect, action, `"Resource": "arn:aws:s3:::b/${aws:username}"`),
			s3Object(values{"aws:username": {"*"}}), "the value of ${aws:username} has a * or ?",
		},
		{
			"an empty value of a variable", one(effect, action, `"Resource": "arn:aws:s3:::b/${aws:username}"`),
			s3Object(values{"aws:username": {""}}), "the value of ${aws:username} is empty",
		},
		{
			"one of two resources has a variable without a value",
			one(effect, action, `"Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}"]`),
			s3Object(nil), "by its other resources if a variable in one has no value",
		},
		{
			"NotResource has a variable without a value", one(effect, action, `"NotResource": "arn:aws:s3:::b/${aws:username}"`),
			s3Object(nil), "if a variable in one has no value",
		},
		{
			"ForAllValues, and neither key nor variable has a value",
			when(`"ForAllValues:StringEquals": {"aws:TagKeys": "${aws:username}"}`),
			s3Object(nil), "neither this key nor a value for the variable",
		},
		{
			"negated ForAnyValue without the key", when(`"ForAnyValue:StringNotEquals": {"aws:TagKeys": "x"}`),
			s3Object(nil), "ForAnyValue:StringNotEquals aws:TagKeys: the request has no such key",
		},
		{
			"ForAnyValue with IfExists without the key", when(`"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "x"}`),
			s3Object(nil), "the request has no such key",
		},
		{
			"an empty value and ForAllValues", when(`"ForAllValues:StringEquals": {"aws:TagKeys": "x"}`),
			s3Object(values{"aws:TagKeys": {"x", ""}}), "a value in the request is empty",
		},
		{
			"an empty value and Null", when(`"Null": {"aws:TagKeys": "false"}`),
			s3Object(values{"aws:TagKeys": {""}}), "a value in the request is empty",
		},
		{
			"no number", when(`"NumericLessThan": {"s3:TlsVersion": 1.2}`),
			s3Object(values{"s3:TlsVersion": {"TLSv1.3"}}),
			"NumericLessThan s3:TlsVersion: the request's value is not of the operator's type",
		},
		{
			"no date", when(`"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}`),
			s3Object(values{"aws:CurrentTime": {"today"}}), "not of the operator's type",
		},
		{
			"no boolean", when(`"Bool": {"aws:SecureTransport": "true"}`),
			s3Object(values{"aws:SecureTransport": {"yes"}}), "neither true nor false",
		},
		{
			"no address", when(`"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}`),
			s3Object(values{"aws:SourceIp": {"::ffff:10.0.0.1"}}), "no plain IPv4 or IPv6 address",
		},
		{
			"no ARN", when(`"ArnNotLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}`),
			s3Object(values{"aws:SourceArn": {"topic"}}), "the request's value is no ARN",
		},
		{
			"a service and every AWS principal", trust(`{"AWS": "*"}`),
			Request{
				Action: "s3:GetObject", Resource: "arn:aws:s3:::b/o",
				Principal: Principal{Service, "logging.s3.amazonaws.com"},
			},
			`Principal: AWS does not document whether {"AWS": "*"} means a principal of type Service`,
		},
		{
			"a policy of a resource as one of an identity", trust(`"*"`), s3Object(nil), "say in Request.Principal who asks",
		},
		{
			"a policy of an identity as one of a resource", valid,
			Request{Action: "s3:GetObject", Resource: "*", Principal: Principal{Type: Anonymous}},
			"leave Request.Principal empty",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Evaluate([]Policy{{"P", must(t, c.document)}}, c.request)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %s, error %v\nwant an error with %s", got, err, c.want)
			}
			if got != (Decision{}) {
				t.Errorf("got %s beside the error, want ImplicitDeny", got)
			}
		})
	}
}

func TestRequestsThatNobodyCanMakeAreRefused(t *testing.T) {
	type values = map[string][]string
	as := func(p Principal) Request { return Request{Action: "s3:GetObject", Resource: "*", Principal: p} }
	for _, c := range []struct {
		name    string
		request Request
		want    string
	}{
		{"no service in the action", Request{Action: "GetObject", Resource: "*"},
			`request: Action: "GetObject": want service:Name`},
		{"wildcard in the action", Request{Action: "s3:Get*", Resource: "*"}, "without wildcards"},
		{"no ARN as resource", Request{Action: "s3:GetObject", Resource: "b/o"}, "want an ARN, or *"},
		{"unknown key", s3Object(values{"aws:PrincipalTags/x": {"y"}}),
			`Context: unknown condition key "aws:PrincipalTags/x"`},
		{"key without a value", s3Object(values{"aws:username": {}}), "aws:username has no value: leave it out"},
		{"two values of a key that has one", s3Object(values{"aws:username": {"a", "b"}}),
			"2 values, and AWS documents it with one"},
		{"key twice", s3Object(values{"aws:username": {"a"}, "aws:UserName": {"b"}}), "aws:username is there twice"},
		{"unknown principal", as(Principal{"User", "x"}), `request: Principal: want a type of principal`},
		{"principal without a type", as(Principal{ID: "x"}), "Principal: want a type of principal"},
		{"service without a name", as(Principal{Type: Service}), "Principal: want a type of principal"},
		{"anonymous with an ID", as(Principal{Anonymous, "x"}), "Principal: want a type of principal"},
		{"principal that is no ARN", as(Principal{AWS, "ana"}), "want the ARN of one account"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Evaluate(nil, c.request); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one with %s", err, c.want)
			}
		})
	}
}

func TestWhatIsNotKnownDoesNotMatterWhereTheStatementDoesNotApply(t *testing.T) {
	const unknown = `"NumericLessThan": {"s3:TlsVersion": 1.2}`
	for name, document := range map[string]string{
		"by its action":    one(effect, resource, `"Action": "s3:PutObject", "Condition": {`+unknown+`}`),
		"by its resource":  one(effect, action, `"Resource": "arn:aws:s3:::c/*", "Condition": {`+unknown+`}`),
		"by its condition": when(unknown + `, "Bool": {"aws:SecureTransport": "false"}`),
	} {
		t.Run(name, func(t *testing.T) {
			r := s3Object(map[string][]string{"s3:TlsVersion": {"TLSv1.3"}, "aws:SecureTransport": {"true"}})
			if got, err := Evaluate([]Policy{{"P", must(t, document)}}, r); err != nil || got.Outcome != ImplicitDeny {
				t.Errorf("got %s, %v, want ImplicitDeny", got, err)
			}
		})
	}
}

func TestDecisionsCiteTheStatement(t *testing.T) {
	read := Policy{"Read", must(t, `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"},
		{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}`)}
	const withoutTLS = `"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}`
	guard := Policy{"Guard", must(t, one(action, resource, withoutTLS))}
	for _, c := range []struct {
		name     string
		policies []Policy
		secure   string
		want     string
	}{
		{"nothing", nil, "true", "ImplicitDeny"},
		{"allowed, without a Sid", []Policy{guard, read}, "true", "Allowed by Read/Statement[1]"},
		{"denied, although allowed before", []Policy{read, guard}, "false", "ExplicitDeny by Guard/S"},
	} {
		got, err := Evaluate(c.policies, s3Object(map[string][]string{"aws:SecureTransport": {c.secure}}))
		if err != nil || got.String() != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.name, got, err, c.want)
		}
	}
	_, err := Evaluate([]Policy{{Name: "Empty"}}, s3Object(nil))
	if err == nil || !strings.Contains(err.Error(), `policy "Empty" has no document`) {
		t.Errorf("got error %v for a policy without a document", err)
	}
}
