package credentials_test

import (
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

// request is something that a session wants to do.
type request struct {
	action, resource string
	context          map[string][]string
}

// names are the ARNs that requests speak of.
type names struct{ orders, products, key, media, documents, api, parameter string }

func arns(t *testing.T, s *deployed.Stage) names {
	t.Helper()
	var n names
	for arn, table := range s.Tables {
		switch {
		case strings.Contains(table.Name, "-Orders"):
			n.orders, n.key = arn, table.SSESpecification.KMSMasterKeyID
		case strings.Contains(table.Name, "-Products"):
			n.products = arn
		}
	}
	for arn, bucket := range s.Buckets {
		switch {
		case strings.Contains(bucket.Name, "-media"):
			n.media = arn
		case strings.Contains(bucket.Name, "-documents"):
			n.documents = arn
		}
	}
	n.api = "arn:aws:execute-api:eu-central-1:" + s.Account + ":" + s.API.ID + "/v1/"
	n.parameter = "arn:aws:ssm:eu-central-1:" + s.Account + ":parameter/securecart/dev/clients"
	return n
}

func rows(of ...string) map[string][]string { return map[string][]string{"dynamodb:LeadingKeys": of} }

// projected is a read of rows that asks for attributes.
func projected(attributes []string, of ...string) map[string][]string {
	return map[string][]string{
		"dynamodb:LeadingKeys": of, "dynamodb:Attributes": attributes, "dynamodb:Select": {"SPECIFIC_ATTRIBUTES"},
	}
}

func via(service string) map[string][]string {
	return map[string][]string{"kms:ViaService": {service + ".eu-central-1.amazonaws.com"}}
}

func tls(version string) map[string][]string { return map[string][]string{"s3:TlsVersion": {version}} }

// TestSessionsMayDoWhatTheirRolesAllowAndNothingElse is the part of README's table that credentials decide, and what
// functions need.
func TestSessionsMayDoWhatTheirRolesAllowAndNothingElse(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	n := arns(t, s)
	function := func(logicalID string) credentials.Session {
		return must.Get(store.AssumeAsService(role(t, s, logicalID), "lambda.amazonaws.com", "function", time.Hour))(t)
	}
	purpose := func(p string) map[string][]string {
		return map[string][]string{"kms:EncryptionContext:purpose": {p}, "kms:EncryptionContextKeys": {"customer", "purpose"}}
	}
	listed, unlisted := contract.DirectOrderAttributes(), append(contract.DirectOrderAttributes(), "fingerprint")
	whole := rows(customerSub)
	whole["dynamodb:Select"] = []string{"ALL_ATTRIBUTES"}
	own, other := "/customers/"+customerSub+"/invoice", "/customers/"+otherSub+"/invoice"
	for _, test := range []struct {
		who     string
		session credentials.Session
		allowed []request
		refused []request
	}{
		{
			who: "guest", session: assumeGuest(t, s, store),
			allowed: []request{
				{"execute-api:Invoke", n.api + "GET/products", nil},
				{"s3:GetObject", n.media + "/products/mug.jpg", tls("1.3")},
			},
			refused: []request{
				{"execute-api:Invoke", n.api + "GET/orders", nil},
				{"execute-api:Invoke", n.api + "POST/products", nil},
				{"s3:GetObject", n.media + "/products/mug.jpg", tls("1.1")},
				{"s3:GetObject", n.media + "/other/mug.jpg", tls("1.3")},
				{"s3:PutObject", n.media + "/products/mug.jpg", tls("1.3")},
				{"s3:GetObject", n.documents + own, tls("1.3")},
				{"s3:ListBucket", n.media, tls("1.3")},
				{"dynamodb:Scan", n.products, nil},
				{"dynamodb:Query", n.orders, rows(customerSub)},
				{"kms:Decrypt", n.key, via("dynamodb")},
			},
		},
		{
			who: "customer", session: assumeCustomer(t, s, store),
			allowed: []request{
				{"execute-api:Invoke", n.api + "GET/products", nil},
				{"dynamodb:GetItem", n.orders, projected(listed, customerSub)},
				{"dynamodb:Query", n.orders + "/index/byCreatedAt", projected(listed[:1], customerSub)},
				{"kms:Decrypt", n.key, via("dynamodb")},
				{"kms:Decrypt", n.key, via("s3")},
				{"s3:GetObject", n.media + "/products/mug.jpg", tls("1.3")},
				{"s3:GetObject", n.documents + own, tls("1.3")},
			},
			refused: []request{
				{"execute-api:Invoke", n.api + "GET/orders", nil},
				{"dynamodb:GetItem", n.orders, whole},
				{"dynamodb:GetItem", n.orders, projected(unlisted, customerSub)},
				{"dynamodb:GetItem", n.orders, projected(listed, otherSub)},
				{"dynamodb:GetItem", n.orders, projected(listed, customerSub, otherSub)},
				{"kms:GenerateDataKey", n.key, via("s3")},
				{"s3:PutObject", n.documents + own, tls("1.3")},
				{"dynamodb:Query", n.orders, nil},
				{"dynamodb:Scan", n.orders, nil},
				{"dynamodb:PutItem", n.orders, rows(customerSub)},
				{"dynamodb:BatchGetItem", n.orders, rows(customerSub)},
				{"dynamodb:Query", n.products + "/index/forSale", rows("for-sale")},
				{"kms:Decrypt", n.key, nil},
				{"kms:Encrypt", n.key, via("s3")},
				{"s3:GetObject", n.documents + own, tls("1.1")},
				{"s3:GetObject", n.documents + other, tls("1.3")},
				{"s3:PutObject", n.documents + other, tls("1.3")},
				{"s3:DeleteObject", n.documents + own, tls("1.3")},
				{"s3:ListBucket", n.documents, tls("1.3")},
				{"ssm:GetParameter", n.parameter, nil},
				{"sts:AssumeRole", role(t, s, "OrdersRole"), nil},
			},
		},
		{
			who: "lambda/orders", session: function("OrdersRole"),
			allowed: []request{
				{"dynamodb:Query", n.orders + "/index/byCreatedAt", rows(otherSub)},
				{"dynamodb:PutItem", n.orders, rows(otherSub)},
				{"dynamodb:BatchGetItem", n.products, rows("mug", "cup")},
				{"kms:Encrypt", n.key, purpose("orders-cursor")},
				{"kms:Decrypt", n.key, via("dynamodb")},
			},
			refused: []request{
				{"dynamodb:Scan", n.orders, nil},
				{"dynamodb:DeleteItem", n.orders, rows(otherSub)},
				{"dynamodb:PutItem", n.products, rows("mug")},
				{"kms:Encrypt", n.key, purpose("invoices-cursor")},
				{"kms:Decrypt", n.key, nil},
				{"kms:Decrypt", strings.Replace(n.key, "key/", "key/0", 1), via("dynamodb")},
				{"ssm:GetParameter", n.parameter, nil},
				{"s3:GetObject", n.documents + own, tls("1.3")},
			},
		},
		{
			who: "lambda/tokens", session: function("TokensRole"),
			allowed: []request{{"ssm:GetParameter", n.parameter, nil}, {"cognito-idp:AdminGetUser", s.UserPool.ARN, nil}},
			refused: []request{{"ssm:GetParameter", n.parameter + "2", nil},
				{"cognito-idp:AdminDeleteUser", s.UserPool.ARN, nil}},
		},
	} {
		for _, r := range test.allowed {
			if err := store.Authorize(&test.session, r.action, r.resource, r.context); err != nil {
				t.Errorf("%s: %v; want it allowed", test.who, err)
			}
		}
		for _, r := range test.refused {
			err := store.Authorize(&test.session, r.action, r.resource, r.context)
			if err == nil {
				t.Errorf("%s may %s %s %v; want it refused", test.who, r.action, r.resource, r.context)
				continue
			}
			t.Run(test.who+" "+r.action, func(t *testing.T) { wantCode(t, err, credentials.AccessDenied) })
		}
	}
}

func TestRefusalSaysWhoWantedWhatAndWhy(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	n := arns(t, s)
	user := "User: arn:aws:sts::" + s.Account + ":assumed-role/"
	guest, customer := assumeGuest(t, s, store), assumeCustomer(t, s, store)
	denied := credentials.AccessDenied + ": "
	guestARN := user + s.Roles[s.PoolRoles.Roles.Unauthenticated].Name + "/CognitoIdentityCredentials"
	customerARN := user + s.Roles[s.PoolRoles.Roles.Authenticated].Name + "/CognitoIdentityCredentials"
	for want, err := range map[string]error{
		denied + guestARN + " is not authorized to perform: dynamodb:Scan on resource: " + n.orders +
			" because no identity-based policy allows the dynamodb:Scan action": store.Authorize(&guest, "dynamodb:Scan",
			n.orders, nil),
		denied + guestARN + " is not authorized to perform: ssm:GetParameter on resource: " + n.parameter +
			" because no session policy allows the ssm:GetParameter action": store.Authorize(&guest, "ssm:GetParameter",
			n.parameter, nil),
		denied + customerARN + " is not authorized to perform: s3:GetObject on resource: " + n.media + "/products/a" +
			" with an explicit deny in a resource-based policy": store.Authorize(&customer, "s3:GetObject",
			n.media+"/products/a", tls("1.1")),
		denied + customerARN + " is not authorized to perform: kms:Decrypt on resource: " + n.key + "0" +
			" because no resource-based policy allows the kms:Decrypt action": store.Authorize(&customer, "kms:Decrypt",
			n.key+"0", via("dynamodb")),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// TestWhatIsNotCertainIsRefused: a tag with an asterisk would be a wildcard in the role's policy.
func TestWhatIsNotCertainIsRefused(t *testing.T) {
	s, store := open(t, newClock())
	session := assumeCustomer(t, s, store)
	session.Context["aws:PrincipalTag/customer"] = []string{"*"}
	for _, r := range []request{
		{"s3:GetObject", arns(t, s).documents + "/customers/" + otherSub + "/a", tls("1.3")},
		{"dynamodb:GetItem", arns(t, s).orders, map[string][]string{"dynamodb:Unheard": {"x"}}},
		{"dynamodb:GetItem", "orders", rows(customerSub)},
	} {
		wantCode(t, store.Authorize(&session, r.action, r.resource, r.context), credentials.AccessDenied)
	}
}
