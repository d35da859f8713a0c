package config

import "time"

// The lowest and the highest limit of a rate-based rule of AWS WAF (API RateBasedStatement).
const (
	lowestRequests  = 10
	highestRequests = 2_000_000_000
)

func webACL(s Stage, p *problems) {
	for _, limit := range []struct {
		field string
		got   int
	}{{"WebACL.API", s.WebACL.API}, {"WebACL.SignIn", s.WebACL.SignIn}, {"WebACL.SignUp", s.WebACL.SignUp}} {
		if limit.got < lowestRequests || limit.got > highestRequests {
			p.add(
				limit.field,
				"must be %d to %d requests from one address in %s (AWS WAF's range), got %d; set how many a customer may send",
				lowestRequests,
				highestRequests,
				WebACLWindow,
				limit.got,
			)
		}
	}
	if s.WebACL.SignUp >= s.WebACL.SignIn && s.WebACL.SignIn >= lowestRequests {
		p.add(
			"WebACL.SignUp",
			"must be less than SignIn (%d), which counts these requests too, got %d; lower it",
			s.WebACL.SignIn,
			s.WebACL.SignUp,
		)
	}
	if all := s.API.RateLimit * int(WebACLWindow/time.Second); s.API.RateLimit > 0 && s.WebACL.API > all {
		p.add(
			"WebACL.API",
			"must be at most what the stage takes in %s (%d), or one address could use up all of it, got %d; "+
				"lower it or raise API.RateLimit",
			WebACLWindow,
			all,
			s.WebACL.API,
		)
	}
}
