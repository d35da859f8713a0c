package threats

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
)

func TestARedirectKeepsTheCodeAtTheShop(t *testing.T) {
	for url, allowed := range map[string][2]bool{ // in development, in Production
		"https://www.securecart.example/signed-in": {true, true},
		"http://localhost:5173/in":                 {true, false},
		"https://localhost/in":                     {true, false},
		"https://app.localhost/in":                 {true, false},
		"https://127.0.0.1/in":                     {true, false},
		"http://127.0.0.1/in":                      {false, false},
		"http://www.securecart.example/":           {false, false},
		"https://*.securecart.example/":            {false, false},
		"https://example.com":                      {false, false},
		"https://login.example.com/":               {false, false},
		"https://notexample.com/":                  {true, true},
		"https://u:p@www.securecart.example/":      {false, false},
		"https://www.securecart.example/#f":        {false, false},
		"myapp://in":                               {false, false},
		"/in":                                      {false, false},
		"":                                         {false, false},
		"https://%zz/":                             {false, false},
	} {
		for i, purpose := range []config.Purpose{config.Development, config.Production} {
			if harm := redirect(url, purpose); (harm == "") != allowed[i] {
				t.Errorf("%s in %s: %q, want allowed: %t", url, purpose, harm, allowed[i])
			}
		}
	}
}

func TestWhatLooksLikeASecretIsFound(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"GOCSPX-abc", "GOCSPX-abc"},
		{"id AKIAIOSFODNN7", "AKIAIOSFODNN7"},
		{"-----BEGIN EC", "-----BEGIN EC"},
		{"0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"},
		{"{\"s\":\"0123456789abcdefABCDEF0123456789ab\"}", "0123456789abcdefABCDEF0123456789ab"},
		{"0123456789abcdef0123456789abcde", ""},
		{"AWSManagedRulesAmazonIpReputationList", ""},
		{"01234567890123456789012345678901", ""},
		{"arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000", ""},
		{"", ""},
	} {
		if got := secretIn(c.text); got != c.want {
			t.Errorf("secretIn(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestASecretsReferenceIsWhole(t *testing.T) {
	for text, want := range map[string]bool{
		"{{resolve:secretsmanager:securecart/prod/google:SecretString:::}}":       true,
		"{{resolve:secretsmanager:securecart/prod/google:SecretString:k::v1}}":    true,
		"{{resolve:secretsmanager:securecart/prod/google:SecretString:::}}x":      false,
		"GOCSPX{{resolve:secretsmanager:securecart/prod/google:SecretString:::}}": false,
		"{{resolve:ssm:securecart}}":                                              false,
		"secret":                                                                  false,
	} {
		if got := secretReference.MatchString(text); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

func TestAnAccessLogHoldsListedVariablesOnly(t *testing.T) {
	for format, want := range map[string]string{
		`{"id":"$context.requestId"}`: "",
		`{"id":"$context.requestId","mail":"$context.authorizer.claims.email"}`: "logs " +
			"[$context.authorizer.claims.email], which nobody judged",
		`{"all":"$context.requestId$context.authorizer.claims"}`: "logs [$context.authorizer.claims], " +
			"which nobody judged",
		`{"id":"$context.requestId","token":"$input.params('Authorization')"}`: "logs " +
			"[$input.params('Authorization')], which nobody judged",
		`{"v":"$context.requestId $stageVariables.key"}`: "logs [$stageVariables.key], which nobody judged",
		`{}`:                 "lacks [$context.requestId]",
		`$context.requestId`: "is no JSON: $context.requestId",
	} {
		properties := `{"Format": ` + shown{format}.String() + `}`
		in := inspecting(small(t, `{"Stage01234567": {"Type": "AWS::ApiGateway::Stage", "Properties": `+properties+`}}`))
		in.Only(apiStage).At("Format").logs([]string{"$context.requestId"})
		expected := []string{}
		if want != "" {
			expected = append(expected, "T UserPool/Stage01234567: Format "+want)
		}
		if diff := cmp.Diff(expected, in.found()); diff != "" {
			t.Errorf("%s: findings (-want +got)\n%s", format, diff)
		}
	}
}

func TestEveryObjectOfASchemaIsClosed(t *testing.T) {
	const line = `{"type": "object", "additionalProperties": false, "properties": {"sku": {"type": "string"}}}`
	const cart = `{"type": "object", "additionalProperties": false, "properties": ` +
		`{"items": {"type": "array", "items": ` + line + `}}}`
	for schema, want := range map[string]int{ // findings
		line:                    0,
		cart:                    0,
		`{"type": "string"}`:    0,
		`{}`:                    1,
		`{"type": "null"}`:      1,
		`{"type": "array"}`:     1,
		`{"$ref": "elsewhere"}`: 2,
		strings.Replace(line, `"type": "object"`, `"type": "object", "patternProperties": {"^x": {}}`, 1):           1,
		strings.Replace(line, `{"type": "string"}`, `true`, 1):                                                      1,
		strings.Replace(cart, `"additionalProperties": false, "properties": {"sku"`, `"properties": {"sku"`, 1):     1,
		strings.Replace(cart, `"additionalProperties": false, "properties": {"items"`, `"properties": {"items"`, 1): 1,
		strings.ReplaceAll(cart, `"additionalProperties": false`, `"additionalProperties": true`):                   2,
	} {
		properties := `{"Schema": ` + schema + `}`
		in := inspecting(small(t, `{"Model01234567": {"Type": "AWS::ApiGateway::Model", "Properties": `+properties+`}}`))
		if closed(in.Only(model).At("Schema")); len(in.findings) != want {
			t.Errorf("%s: %d findings, want %d: %v", schema, len(in.findings), want, in.found())
		}
	}
}

func TestARoutesPathIsThatOfItsResourceAndItsParents(t *testing.T) {
	in := inspecting(small(t, `{
		"Api01234567": {"Type": "AWS::ApiGateway::RestApi"},
		"Orders01234567": {"Type": "AWS::ApiGateway::Resource",
			"Properties": {"PathPart": "orders", "ParentId": {"Fn::GetAtt": ["Api01234567", "RootResourceId"]}}},
		"Item01234567": {"Type": "AWS::ApiGateway::Resource",
			"Properties": {"PathPart": "{id}", "ParentId": {"Ref": "Orders01234567"}}},
		"A01234567": {"Type": "AWS::ApiGateway::Method",
			"Properties": {"HttpMethod": "GET", "ResourceId": {"Ref": "Item01234567"}}},
		"B01234567": {"Type": "AWS::ApiGateway::Method",
			"Properties": {"HttpMethod": "GET", "ResourceId": {"Fn::GetAtt": ["Api01234567", "RootResourceId"]}}},
		"C01234567": {"Type": "AWS::ApiGateway::Method",
			"Properties": {"HttpMethod": "PUT", "ResourceId": {"Ref": "Gone"}}}}`))
	var got []string
	for _, r := range in.Routes() {
		got = append(got, r.String())
	}
	if diff := cmp.Diff([]string{"GET /orders/{id}", "GET /", "PUT /"}, got); diff != "" {
		t.Errorf("routes (-want +got)\n%s", diff)
	}
	want := []string{"T UserPool/C01234567: has a parent Gone that is no resource of the API"}
	if diff := cmp.Diff(want, in.found()); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

func TestLifetimesAreReadInTheirUnits(t *testing.T) {
	for settings, want := range map[string]float64{
		`{"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "minutes"}}`: 300,
		`{"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "seconds"}}`: 5,
		`{"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "hours"}}`:   18000,
		`{"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "days"}}`:    432000,
		`{"AccessTokenValidity": 5, "TokenValidityUnits": {"IdToken": "minutes"}}`:     -1,
		`{"AccessTokenValidity": 5}`: -1,
		`{"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "fortnight"}}`: -1,
		`{"TokenValidityUnits": {"AccessToken": "minutes"}}`:                             -1,
	} {
		in := inspecting(small(t, `{"Web01234567": {"Type": "AWS::Cognito::UserPoolClient", "Properties": `+settings+`}}`))
		got := lifetime(in.Only(client), "Access")
		if refused := len(in.findings) > 0; refused != (want < 0) || (!refused && got != want) {
			t.Errorf("%s: %v seconds, %v; want %v", settings, got, in.found(), want)
		}
	}
}

// TestSettingsOfNoCommittedStageAreChecked: those that a mutation of one resource cannot produce.
func TestSettingsOfNoCommittedStageAreChecked(t *testing.T) {
	const gateway = `{
		"Api01234567": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"DisableExecuteApiEndpoint": true}},
		"Pool01234567": {"Type": "AWS::Cognito::UserPool", "Properties": {
			"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}}},
		"Domain01234567": {"Type": "AWS::ApiGateway::DomainName", "Properties": {"SecurityPolicy": "TLS_1_0"}},
		"Response01234567": {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": {
			"ResponseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}}}}`
	for id, want := range map[string]string{
		"A13": `A13 UserPool/Domain01234567: SecurityPolicy is "TLS_1_0", ` +
			`want one of ["TLS_1_2","SecurityPolicy_TLS13_1_3_2025_09","SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"]`,
		"U10": `U10 UserPool/Pool01234567: Policies.SignInPolicy.AllowedFirstAuthFactors is [PASSWORD WEB_AUTHN], ` +
			`want [PASSWORD]`,
		"A8": "A8 SecureCart-Test: is served to the origin *",
	} {
		s := small(t, gateway)
		s.Config.Web.Origin = "*"
		threat, _ := ByID(id)
		var got []string
		for _, f := range threat.Check(s) {
			got = append(got, f.String())
		}
		if !slices.Contains(got, want) {
			t.Errorf("%s: findings %v lack %q", id, got, want)
		}
	}
}

// TestOnlyDevelopmentSendsSMS: messages cost, and every sign-in of a customer with a number sends one.
func TestOnlyDevelopmentSendsSMS(t *testing.T) {
	some := false
	for _, cfg := range config.Stages() {
		some = some || cfg.Users.SendsSMS()
		if cfg.Users.SendsSMS() && cfg.Purpose != config.Development {
			t.Errorf("%s sends SMS, and its purpose is %s: messages cost, and attackers earn by them", cfg.Name, cfg.Purpose)
		}
	}
	if !some {
		t.Error("no stage sends SMS: nothing was looked at")
	}
}

// TestACheckEndsAtTheFirstUnknownFinding: what is known must not count as noticed, and a mistake in a check must not
// count as a finding.
func TestACheckEndsAtTheFirstUnknownFinding(t *testing.T) {
	s := small(t, `{}`)
	threat := Threat{ID: "T", check: func(in *Inspection) {
		in.Fail("Pool", "is known")
		in.Fail("Pool", "is new")
		t.Error("the check goes on")
	}}
	if !threat.finds(s, []Finding{{"T", "Pool", "is known"}}) {
		t.Error("the second finding is missed")
	}
	threat.check = func(in *Inspection) { in.Fail("Pool", "is known") }
	if threat.finds(s, []Finding{{"T", "Pool", "is known"}}) {
		t.Error("a known finding counts")
	}
	threat.check = func(*Inspection) { panic("mistake") }
	defer func() {
		if recover() != "mistake" {
			t.Error("a mistake of a check is hidden")
		}
	}()
	threat.finds(s, nil)
}
