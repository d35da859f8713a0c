package config

import "testing"

func TestRefusesDomainsThatDoNotBelongTogether(t *testing.T) {
	for _, r := range []refusal{
		{"managed login at somebody else's", prod(), func(s *Stage) { s.Domain.Custom = "auth.securecart-login.example" },
			`Domain.Custom: must be below securecart.example as Web.Origin is, got "auth.securecart-login.example"; enter a ` +
				`name below it, or list "securecart-login.example" in OtherDomains if that domain is the shop's, too`},
		{"two shops below one public suffix", prod(), func(s *Stage) {
			s.Web = Web{
				Origin:       "https://shop.co.uk",
				CallbackURLs: []string{"https://shop.co.uk/in"},
				LogoutURLs:   []string{"https://shop.co.uk/"},
			}
			s.Domain.Custom, s.OtherDomains = "auth.other.co.uk", []string{"securecart.example"}
		},
			`Domain.Custom: must be below shop.co.uk as Web.Origin is, got "auth.other.co.uk"; ` +
				`enter a name below it, or list "other.co.uk" in OtherDomains if that domain is the shop's, too`},
		{"a sender of another owner, while the front end is on the developer's machine", staging(), func(s *Stage) {
			s.Web = own().Web
			s.Domain = Domain{Custom: "auth.securecart.test", CertificateARN: prod().Domain.CertificateARN}
		},
			`Email.From: must be below securecart.test as Domain.Custom is, got "staging.securecart.example"; enter a name ` +
				`below it, or list "securecart.example" in OtherDomains if that domain is the shop's, too`},
		{"a listed domain that is a public suffix", prod(), func(s *Stage) { s.OtherDomains = []string{"co.uk"} },
			`OtherDomains[0]: must be a registrable domain such as "securecart.example", got "co.uk"; enter one`},
		{"a listed domain that nothing uses", prod(), func(s *Stage) { s.OtherDomains = []string{"securecart.test"} },
			`OtherDomains[0]: must be a domain that the stage uses beside "securecart.example", ` +
				`got "securecart.test"; remove it`},
	} {
		t.Run(r.name, r.check)
	}
}

func TestAListedDomainIsAllowed(t *testing.T) {
	s := prod()
	s.Email.From = "accounts@mail.securecart.test"
	s.Email.IdentityARN = "arn:aws:ses:eu-central-1:111122223333:identity/securecart.test"
	s.OtherDomains = []string{"securecart.test"}
	if err := s.Validate(); err != nil {
		t.Errorf("a second domain that is listed must be allowed:\n%v", err)
	}
}
