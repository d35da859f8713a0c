package iam

import (
	"strings"
	"testing"
)

// Valid elements, for documents with another, wrong element.
const (
	effect   = `"Effect": "Allow"`
	action   = `"Action": "s3:GetObject"`
	resource = `"Resource": "*"`
)

// one is a document with one statement.
func one(elements ...string) string {
	return `{"Version": "2012-10-17", "Statement": [{"Sid": "S", ` + strings.Join(elements, ", ") + `}]}`
}

// resourceIs is a document that allows s3:GetObject on a resource.
func resourceIs(text string) string { return one(effect, action, `"Resource": "`+text+`"`) }

// when is a document that allows s3:GetObject on everything under a condition.
func when(condition string) string {
	return one(effect, action, resource, `"Condition": {`+condition+`}`)
}

func TestWhatIsUnknownIsRefused(t *testing.T) {
	for _, c := range []struct{ name, document, want string }{
		{"no JSON", `{`, "policy document: no JSON: unexpected EOF"},
		{"no object", `[]`, "policy document: want an object, got a list of 0"},
		{"two values", `{} {}`, "there is something behind the JSON value"},
		{"a key twice", `{"Version": "2012-10-17", "Version": "2008-10-17"}`, `the key "Version" is there twice`},
		{"a key twice in a statement", one(effect, action, resource, `"Sid": "T"`), `the key "Sid" is there twice`},
		{"too deep", strings.Repeat("[", 100), "nested deeper than a policy can be"},
		{"no UTF-8", resourceIs("arn:aws:s3:::b/\xff"), "is not UTF-8"},
		{"half a character", resourceIs(`arn:aws:s3:::b/\ud800`), "is not UTF-8"},

		{"element of the document", `{"Version": "2012-10-17", "Statements": []}`, "unknown element Statements"},
		{"element of a statement", one(effect, action, resource, `"Principals": "*"`), "S: Principals: unknown element"},
		{"letter case of an element", `{"version": "2012-10-17", "Statement": []}`, "unknown element version"},
		{"NotPrincipal", one(effect, action, resource, `"NotPrincipal": {"AWS": "*"}`), "S: NotPrincipal: unknown element"},
		{"no version", `{"Statement": []}`,
			`Version: want "2012-10-17", because older ones have no policy variables, got nothing`},
		{"old version", `{"Version": "2008-10-17"}`, `Version: want "2012-10-17"`},
		{"version of tomorrow", `{"Version": "2032-10-17"}`, `got "2032-10-17"`},
		{"Id", `{"Version": "2012-10-17", "Id": 1}`, "Id: want a string, got 1"},
		{"no statement", `{"Version": "2012-10-17"}`, "Statement: want a statement or a list of them, got nothing"},
		{"empty statements", `{"Version": "2012-10-17", "Statement": []}`, "got a list of 0"},
		{"statement that is none", `{"Version": "2012-10-17", "Statement": ["x"]}`, `Statement[0]: want an object, got "x"`},
		{"Sid", `{"Version": "2012-10-17", "Statement": {"Sid": 1}}`, "Statement[0]: Sid: want a string, got 1"},
		{"Sid twice", `{"Version": "2012-10-17", "Statement": [{"Sid": "S"}, {"Sid": "S"}]}`, "S: the Sid is there twice"},

		{"Effect", one(action, resource, `"Effect": "allow"`), `S: Effect: want Allow or Deny, got "allow"`},
		{"no Effect", `{"Version": "2012-10-17", "Statement": {"Action": "*", "Resource": "*"}}`, "want an Effect"},
		{"no Action", `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Resource": "*"}}`,
			"want either Action or NotAction"},
		{"both actions", one(effect, resource, `"NotAction": "s3:*", "Action": "s3:*"`), "want either Action or NotAction"},
		{"no Resource", `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*"}}`,
			"want either Resource or NotResource"},
		{"both resources", one(effect, action, `"NotResource": "*", "Resource": "*"`), "want either Resource or NotResource"},
		{"no Resource in a policy of a resource", `{"Version": "2012-10-17", "Statement":
			{"Effect": "Allow", "Action": ["sts:AssumeRole", "s3:GetObject"], "Principal": "*"}}`,
			"only trust policies of roles"},
		{"no actions", one(effect, resource, `"Action": []`), "S: Action: the list is empty"},
		{"action without a service", one(effect, resource, `"Action": "GetObject"`),
			`S: Action: "GetObject": want * or service:Name`},
		{"wildcard in the service", one(effect, resource, `"Action": "s*:GetObject"`),
			`"s*:GetObject": want * or service:Name`},
		{"variable in an action", one(effect, resource, `"Action": "s3:${aws:username}"`), `want * or service:Name`},
		{"number as action", one(effect, resource, `"Action": 1`), "want a string or a list of strings, got 1"},

		{"resource that is no ARN", resourceIs("bucket/*"), `S: Resource: "bucket/*": want an ARN`},
		{"short ARN", resourceIs("arn:aws:s3:*"), "want an ARN, arn:partition:service:region:account:resource"},
		{"wildcard as service", resourceIs("arn:aws:s*:::b"), "may not be empty or hold a wildcard"},
		{"variable before the fifth colon", resourceIs("arn:aws:s3::${aws:PrincipalAccount}:b"),
			"only behind the fifth colon"},
		{"intrinsic function", one(effect, action, `"Resource": {"Ref": "Bucket"}`),
			"intrinsic functions must be resolved before"},

		{"unknown variable", resourceIs("arn:aws:s3:::b/${aws:PrincipalTags/x}"),
			`unknown condition key "aws:PrincipalTags/x"`},
		{"tag without a name", resourceIs("arn:aws:s3:::b/${aws:PrincipalTag/}"), "unknown condition key"},
		{"multivalued variable", resourceIs("arn:aws:s3:::b/${aws:TagKeys}"), "several values cannot be a variable"},
		{"open variable", resourceIs("arn:aws:s3:::b/${aws:username"), "write ${$} for the character"},
		{"lone dollar", resourceIs("arn:aws:s3:::b/$x"), "write ${$} for the character"},
		{"variable in a variable", resourceIs("arn:aws:s3:::b/${aws:PrincipalTag/${aws:username}}"), "unknown condition key"},
		{"default without quotes", resourceIs("arn:aws:s3:::b/${aws:username, x}"), "want ${key, 'default'}"},
		{"default with a wildcard", resourceIs("arn:aws:s3:::b/${aws:username, 'x*'}"), "the default without any of"},
	} {
		t.Run(c.name, func(t *testing.T) { refuses(t, c.document, c.want) })
	}
}

func TestUnknownConditionsAreRefused(t *testing.T) {
	const value = `: {"aws:SourceIp": "x"}`
	for _, c := range []struct{ name, document, want string }{
		{"operator", when(`"StringMatches"` + value), "S: Condition: StringMatches aws:SourceIp: unknown condition operator"},
		{"letter case of an operator", when(`"stringEquals"` + value), "unknown condition operator"},
		{"BinaryEquals", when(`"BinaryEquals"` + value), "unknown condition operator"},
		{"set operator", when(`"ForSomeValues:StringEquals"` + value), "unknown condition operator"},
		{"two set operators", when(`"ForAnyValue:ForAnyValue:StringEquals"` + value), "unknown condition operator"},
		{"IfExists twice", when(`"StringEqualsIfExistsIfExists"` + value), "unknown condition operator"},
		{"IfExists of Null", when(`"NullIfExists": {"aws:SourceIp": "true"}`), "unknown condition operator"},
		{"set operator of Null", when(`"ForAnyValue:Null": {"aws:TagKeys": "true"}`), "unknown condition operator"},
		{"set operator of numbers", when(`"ForAllValues:NumericEquals": {"aws:EpochTime": "1"}`),
			"only with string, ARN and Bool operators"},
		{"set operator of addresses", when(`"ForAnyValue:IpAddress": {"aws:SourceIp": "10.0.0.0/8"}`),
			"set operators only with"},
		{"no set operator", when(`"StringEquals": {"aws:TagKeys": "x"}`), "wants ForAllValues: or ForAnyValue: before it"},
		{"key", when(`"StringEquals": {"aws:SourceArm": "x"}`),
			`StringEquals aws:SourceArm: unknown condition key "aws:SourceArm"`},
		{"key twice", when(`"StringEquals": {"aws:username": "x", "aws:UserName": "y"}`),
			"the key is there twice, in different letter case"},
		{"no conditions", when(``), "Condition: want an object of operators, got an object with 0 keys"},
		{"no keys", when(`"StringEquals": {}`), "StringEquals: want an object of condition keys"},
		{"no values", when(`"StringEquals": {"aws:username": []}`), "the list is empty"},
		{"null", when(`"StringEquals": {"aws:username": null}`), "got nothing"},
		{"Bool", when(`"Bool": {"aws:SecureTransport": "True"}`), `"True": want true or false`},
		{"variable in Bool", when(`"Bool": {"aws:SecureTransport": "${aws:username}"}`), "want true or false"},
		{"Null", when(`"Null": {"aws:username": "maybe"}`), "want one value, true or false"},
		{"two values of Null", when(`"Null": {"aws:username": ["true", "false"]}`), "want one value, true or false"},
		{"number that is no plain one", when(`"NumericEquals": {"s3:max-keys": 1e3}`), "write the number 1e3 as a string"},
		{"number with a zero behind", when(`"StringEquals": {"s3:versionid": 1.0}`), "write the number 1.0 as a string"},
		{"large number", when(`"StringEquals": {"s3:versionid": 12345678901234567891}`), "as a string"},
		{"number", when(`"NumericEquals": {"s3:max-keys": "1e3"}`), "want an integer or decimal number"},
		{"fraction", when(`"NumericEquals": {"s3:max-keys": "1/2"}`), "want an integer or decimal number"},
		{"variable as number", when(`"NumericEquals": {"s3:max-keys": "${aws:username}"}`),
			"want an integer or decimal number"},
		{"date without time", when(`"DateEquals": {"aws:CurrentTime": "2020-01-01"}`), "want a date with time and zone"},
		{"time without zone", when(`"DateEquals": {"aws:CurrentTime": "2020-01-01T00:00:00"}`),
			"want a date with time and zone"},
		{"year", when(`"DateEquals": {"aws:CurrentTime": "2020"}`), "want a date with time and zone"},
		{"wildcard in a date", when(`"DateEquals": {"aws:CurrentTime": "2020-*"}`), "want a date with time and zone"},
		{"host bits", when(`"IpAddress": {"aws:SourceIp": "203.0.113.5/24"}`), "want a CIDR block without host bits"},
		{"IPv6 without prefix", when(`"IpAddress": {"aws:SourceIp": "2001:db8::1"}`), "want a CIDR block"},
		{"short ARN pattern", when(`"ArnLike": {"aws:SourceArn": "arn:aws:sns:*"}`), "want an ARN"},
		{"asterisk for an ARN", when(`"ArnLike": {"aws:SourceArn": "*"}`), "want an ARN"},
		{"variable as account", when(`"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:${aws:PrincipalAccount}:t"}`),
			"only behind the fifth colon"},
	} {
		t.Run(c.name, func(t *testing.T) { refuses(t, c.document, c.want) })
	}
}

func TestUnknownPrincipalsAreRefused(t *testing.T) {
	for _, c := range []struct{ name, principal, want string }{
		{"text", `"ana"`, `Principal: want * or an object, got "ana"`},
		{"type", `{"CanonicalUser": "79a5"}`, `CanonicalUser: unknown principal "79a5"`},
		{"none", `{}`, "want * or an object, got an object with 0 keys"},
		{"empty list", `{"Service": []}`, "the list is empty"},
		{"any service", `{"Service": "*"}`, `unknown principal "*"`},
		{"any identity provider", `{"Federated": "*"}`, `unknown principal "*"`},
		{"part of a name", `{"AWS": "arn:aws:iam::111122223333:role/*"}`,
			"want the ARN of one account, user, role or session"},
		{"unique id", `{"AWS": "AROAEXAMPLE"}`, "want the ARN of one account, user, role or session"},
		{"group", `{"AWS": "arn:aws:iam::111122223333:group/g"}`, "want the ARN of one account, user, role or session"},
		{"short account", `{"AWS": "11112222333"}`, "want the ARN of one account, user, role or session"},
	} {
		t.Run(c.name, func(t *testing.T) { refuses(t, one(effect, action, resource, `"Principal": `+c.principal), c.want) })
	}
	refuses(t, `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": "*"},
		{"Effect": "Deny", "Action": "*", "Resource": "*"}]}`,
		"Statement[1]: either all statements of a document have a Principal element or none")
}

func TestEveryProblemIsNamedAtOnce(t *testing.T) {
	_, err := Parse([]byte(`{"Version": "2008-10-17", "Statement": [
		{"Sid": "A", "Effect": "Maybe", "Action": "x", "Resource": "*"},
		{"Sid": "B", "Effect": "Deny", "Action": "*", "Resource": ["y", "z"],
			"Condition": {"Sounds": {"aws:username": "a"}}}]}`))
	for _, want := range []string{
		"policy document: Version:", "policy document: A: Effect:", `policy document: A: Action: "x"`,
		"policy document: B: Condition: Sounds", `policy document: B: Resource: "y"`, `policy document: B: Resource: "z"`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that also names %s, got %v", want, err)
		}
	}
}

func TestValuesWithoutQuotationMarksAreReadAsTheyAre(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string // what a request must have. Empty if the value is refused.
	}{
		{true, "true"},
		{1.2, "1.2"},
		{float64(111122223333), "111122223333"},
		{1e17, ""},
		{[]string{"1"}, ""},
	} {
		document, err := ParseValue(map[string]any{"Version": "2012-10-17", "Statement": map[string]any{
			"Effect": "Allow", "Action": "*", "Resource": "*",
			"Condition": map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": c.value}},
		}})
		if c.want == "" {
			if err == nil {
				t.Errorf("%v is not refused", c.value)
			}
			continue
		}
		if err != nil {
			t.Errorf("%v: %v", c.value, err)
			continue
		}
		got, err := Evaluate([]Policy{{"P", document}}, s3Object(map[string][]string{"aws:SourceAccount": {c.want}}))
		if err != nil || got.Outcome != Allowed {
			t.Errorf("%v: got %s, %v for %s", c.value, got, err, c.want)
		}
	}
}

func refuses(t *testing.T, document, want string) {
	t.Helper()
	if _, err := Parse([]byte(document)); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s\ngot error %v\nwant one with %s", document, err, want)
	}
}
