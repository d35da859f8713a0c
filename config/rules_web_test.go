package config

import "testing"

func TestRefusesAddressesThatLeakCodesOrFailAtDeploy(t *testing.T) {
	callback := func(url string) func(*Stage) { return func(s *Stage) { s.Web.CallbackURLs = []string{url} } }
	for _, r := range []refusal{
		{"11 http", own(), callback("http://shop.test/in"),
			`Web.CallbackURLs[0]: must use https (http only for localhost), got "http://shop.test/in"; ` +
				`write "https://shop.test/in"`},
		{"11 http localhost in production", prod(), callback("http://localhost:5173/in"),
			`Web.CallbackURLs[0]: must not lead to the customer's own machine in Production, ` +
				`got "http://localhost:5173/in"; enter the shop's https URL`},
		{"11 loopback in production", prod(), callback("https://127.0.0.1/in"),
			`Web.CallbackURLs[0]: must not lead to the customer's own machine in Production, ` +
				`got "https://127.0.0.1/in"; enter the shop's https URL`},
		{"11 origin that browsers write otherwise", own(), func(s *Stage) { s.Web.Origin = "https://Shop.test" },
			`Web.Origin: must be scheme, host and port only, in lower case, got "https://Shop.test"; write "https://shop.test"`},
		{"11 wildcard", own(), callback("https://*.shop.test/in"),
			`Web.CallbackURLs[0]: must not hold a wildcard, got "https://*.shop.test/in"; list each URL`},
		{"11 example.com", own(), callback("https://shop.example.com/in"),
			`Web.CallbackURLs[0]: must not be example.com, which is not ours, ` +
				`got "https://shop.example.com/in"; enter the shop's own host`},
		{"11 credentials", own(), callback("https://me@shop.test/in"),
			`Web.CallbackURLs[0]: must hold neither credentials nor a fragment, got "https://me@shop.test/in"; remove them`},
		{"11 fragment", own(), func(s *Stage) { s.Web.LogoutURLs = []string{"https://shop.test/#out"} },
			`Web.LogoutURLs[0]: must hold neither credentials nor a fragment, got "https://shop.test/#out"; remove them`},
		{"11 no URL", own(), callback("signed-in"),
			`Web.CallbackURLs[0]: must be an absolute URL, got "signed-in"; write https://host/path`},
		{"11 another host", prod(),
			func(s *Stage) { s.Web.CallbackURLs = append(s.Web.CallbackURLs, "https://preview.shop.test/signed-in") },
			`Web.CallbackURLs[1]: must be a page of the front end at Web.Origin ` +
				`"https://www.securecart.example" (codes are sent there), got "https://preview.shop.test/signed-in"; remove it`},
		{"11 another port", own(), func(s *Stage) { s.Web.LogoutURLs = []string{"http://localhost:3000/"} },
			`Web.LogoutURLs[0]: must be a page of the front end at Web.Origin "http://localhost:5173" (codes ` +
				`are sent there), got "http://localhost:3000/"; remove it`},
		{"11 query", own(), callback("http://localhost:5173/go?to=elsewhere"),
			`Web.CallbackURLs[0]: must hold no query, got "http://localhost:5173/go?to=elsewhere"; ` +
				`write "http://localhost:5173/go"`},
		{"11 none", own(), func(s *Stage) { s.Web.LogoutURLs = nil },
			"Web.LogoutURLs: must name at least one URL, got none; enter the front end's"},
		{"11 origin with path", own(), func(s *Stage) { s.Web.Origin = "https://shop.test/" },
			`Web.Origin: must be scheme, host and port only, in lower case, got "https://shop.test/"; ` +
				`write "https://shop.test"`},
		{"11 origin that does not parse", own(), func(s *Stage) { s.Account, s.Web.Origin = "123456789012", "https://[shop" },
			`Web.Origin: must be an absolute URL, got "https://[shop"; write https://host/path`},
		{"13 custom domain without certificate", prod(), func(s *Stage) { s.Domain.CertificateARN = "" },
			`Domain.CertificateARN: a custom domain needs an ACM certificate in us-east-1, got ""; ` +
				`enter the certificate's ARN or use Prefix`},
		{"13 certificate of another region", prod(), func(s *Stage) {
			s.Domain.CertificateARN = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"
		},
			`Domain.CertificateARN: a custom domain needs an ACM certificate in us-east-1, ` +
				`got "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"; ` +
				`enter the certificate's ARN or use Prefix`},
		{"13 certificate without custom domain", own(),
			func(s *Stage) { s.Domain.CertificateARN = "arn:aws:acm:us-east-1:1:certificate/1" },
			`Domain.CertificateARN: belongs to a custom domain, ` +
				`got "arn:aws:acm:us-east-1:1:certificate/1" without Custom; set Custom or remove it`},
		{"13 malformed prefix", own(), func(s *Stage) { s.Domain.Prefix = "-Shop" },
			`Domain.Prefix: must be 1 to 63 of a-z, 0-9 and inner hyphens, got "-Shop"; choose another`},
		{"13 reserved word", own(), func(s *Stage) { s.Domain.Prefix = "my-cognito-shop" },
			`Domain.Prefix: must not contain "cognito", got "my-cognito-shop"; choose another`},
		{"13 apex as custom domain", prod(), func(s *Stage) { s.Domain.Custom = "securecart" },
			`Domain.Custom: must be a subdomain such as "auth.securecart.example", got "securecart"; enter one`},
		{"13 no domain", own(), func(s *Stage) { s.Domain = Domain{} },
			`Domain: must have exactly one of Prefix and Custom, got Prefix "" and Custom ""; set one`},
		{"13 two domains", prod(), func(s *Stage) { s.Domain.Prefix = "securecart" },
			`Domain: must have exactly one of Prefix and Custom, ` +
				`got Prefix "securecart" and Custom "auth.securecart.example"; set one`},
		{"6 identity in a Region out of reach", staging(), func(s *Stage) {
			s.Email.IdentityARN = "arn:aws:ses:eu-north-1:111122223333:identity/staging.securecart.example"
		},
			`Email.IdentityARN: must be in the stage's Region (eu-central-1) or one of [us-east-1 us-west-2 eu-west-1], got ` +
				`"arn:aws:ses:eu-north-1:111122223333:identity/staging.securecart.example"; verify the identity there`},
		{"6 sender of another identity", staging(), func(s *Stage) { s.Email.From = "accounts@other.securecart.example" },
			`Email.From: must be an address of the verified identity staging.securecart.example, ` +
				`got "accounts@other.securecart.example"; enter one`},
		{"header injection in the sender's name", staging(), func(s *Stage) { s.Email.FromName = "Shop\r\nBcc: x" },
			`Email.FromName: must hold no quotes, backslashes, angle brackets or line breaks, ` +
				`got "Shop\r\nBcc: x"; remove them`},
	} {
		t.Run(r.name, r.check)
	}
}

func TestAStageReturnsToThisMachineIfAnyOfItsPagesIsThere(t *testing.T) {
	const local, shop = "http://localhost:5173/", "https://www.shop.test/"
	for _, c := range []struct {
		callbacks, logouts []string
		want               bool
	}{
		{[]string{shop}, []string{shop}, false},
		{[]string{shop, local}, []string{shop}, true},
		{[]string{shop}, []string{local}, true},
		{[]string{"https://127.0.0.1/in"}, []string{shop}, true},
		{[]string{"https://localhost.shop.test/"}, []string{shop}, false},
	} {
		web := Web{Origin: local, CallbackURLs: c.callbacks, LogoutURLs: c.logouts}
		if got := web.ReturnsToThisMachine(); got != c.want {
			t.Errorf("callbacks %v, logouts %v: got %v, want %v", c.callbacks, c.logouts, got, c.want)
		}
	}
}

func TestAnOriginCannotBeImpersonated(t *testing.T) {
	for text, want := range map[string]bool{
		"https://shop.test": true, "https://shop.test:8443": true, "http://localhost:5173": true,
		"": false, "*": false, "null": false, "https://": false, "https://*.shop.test": false, "http://shop.test": false,
		"https://shop.test/": false, "https://Shop.test": false, "https://[shop": false,
	} {
		if got := IsOrigin(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
