package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	stageName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]{1,19}$`)
	accountID = regexp.MustCompile(`^[0-9]{12}$`)

	// retentionDays are the periods that CloudWatch Logs accepts (API PutRetentionPolicy).
	retentionDays = []int{
		1,
		3,
		5,
		7,
		14,
		30,
		60,
		90,
		120,
		150,
		180,
		365,
		400,
		545,
		731,
		1096,
		1827,
		2192,
		2557,
		2922,
		3288,
		3653,
	}
)

func naming(s Stage, p *problems) {
	if !stageName.MatchString(s.Name) {
		p.add("Name", "must be 2 to 20 letters and digits beginning with a capital, got %q; rename the stage", s.Name)
	}
	if !slices.Contains(regions, s.Region) {
		p.add("Region", `must be an AWS Region such as "eu-central-1", got %q; enter the stage's Region`, s.Region)
	}
	oneOf(p, "Purpose", s.Purpose, Development, Rehearsal, Production)
	// A stage called Prod that keeps only the rules of Development would expose customers by accident.
	if strings.HasPrefix(strings.ToLower(s.Name), "prod") && s.Purpose != Production {
		p.add(
			"Purpose",
			"a stage named %q must have purpose Production, got %q; set Purpose: Production or rename the stage",
			s.Name,
			s.Purpose,
		)
	}
}

// account checks the account's part of rule 16.
func account(s Stage, p *problems) {
	switch {
	case s.Account == "" && s.Purpose != Development:
		p.add("Account", "must be pinned where purpose is %s, got none; enter the stage's 12-digit account id", s.Purpose)
	case s.Account == "" && s.Email.SES():
		p.add(
			"Account",
			"must be pinned where SES sends (another account's identity could read every code), got none; "+
				"enter the identity's account id",
		)
	case s.Account != "" && !accountID.MatchString(s.Account):
		p.add("Account", "must be 12 digits, got %q; enter the stage's account id", s.Account)
	}
}

// ownAccount refuses placeholders and ARNs of other accounts in a real account: both would fail only in mid-deploy.
func ownAccount(s Stage, p *problems) {
	if !accountID.MatchString(s.Account) {
		return
	}
	for _, owned := range []struct{ field, arn string }{
		{"Email.IdentityARN", s.Email.IdentityARN}, {"Domain.CertificateARN", s.Domain.CertificateARN},
	} {
		if parts := strings.Split(owned.arn, ":"); len(parts) > 4 && parts[4] != s.Account {
			p.add(
				owned.field,
				"must belong to the stage's account %s, got %q; enter the ARN of that account",
				s.Account,
				owned.arn,
			)
		}
	}
	if s.Account == DocumentationAccount {
		return
	}
	placeholder(s, p, "Web.Origin", hostOf(s.Web.Origin))
	for i, raw := range s.Web.CallbackURLs {
		placeholder(s, p, fmt.Sprintf("Web.CallbackURLs[%d]", i), hostOf(raw))
	}
	for i, raw := range s.Web.LogoutURLs {
		placeholder(s, p, fmt.Sprintf("Web.LogoutURLs[%d]", i), hostOf(raw))
	}
	placeholder(s, p, "Domain.Custom", s.Domain.Custom)
	placeholder(s, p, "Email.From", s.Email.From)
	placeholder(s, p, "Alarms.Email", s.Alarms.Email)
	placeholder(s, p, "Alarms.Pager", s.Alarms.Pager)
}

// placeholder refuses hosts under .example, which nobody can own (RFC 2606).
func placeholder(s Stage, p *problems, field, host string) {
	if strings.HasSuffix(host, ".example") {
		p.add(
			field,
			"a real account cannot serve the placeholder domain, got %q with account %s; enter the shop's own",
			host,
			s.Account,
		)
	}
}

// protection checks rule 16.
func protection(s Stage, p *problems) {
	if s.Purpose != Production {
		return
	}
	for _, must := range []struct {
		field string
		got   bool
		loss  string
	}{
		{"Protection.Retain", s.Protection.Retain, "customers and orders would go with their stack"},
		{"Protection.DeletionProtection", s.Protection.DeletionProtection, "one call could delete user pool or tables"},
		{"Protection.TerminationProtection", s.Protection.TerminationProtection, "one call could delete the stacks"},
	} {
		if !must.got {
			p.add(must.field, "must be true in Production (%s), got false; set it to true", must.loss)
		}
	}
}

func api(s Stage, p *problems) {
	if s.API.RateLimit < 1 || s.API.RateLimit > 10000 {
		p.add(
			"API.RateLimit",
			"must be 1 to 10000 requests per second (the account's quota), got %d; set how much the stage takes",
			s.API.RateLimit,
		)
	}
	if s.API.BurstLimit < s.API.RateLimit {
		p.add("API.BurstLimit", "must be at least RateLimit (%d), got %d; raise it", s.API.RateLimit, s.API.BurstLimit)
	}
	// All methods share the account's quota: checkout cannot use what guests and preflights take.
	if all := s.API.RateLimit + s.API.Guests.Rate + s.API.Preflights.Rate; all > 10000 {
		p.add(
			"API",
			"RateLimit, Guests.Rate and Preflights.Rate must be at most 10000 requests per second together (the account's "+
				"quota), got %d; lower one of them",
			all,
		)
	}
	throttle(p, "API.Guests", s.API.Guests)
	throttle(p, "API.Preflights", s.API.Preflights)
}

func throttle(p *problems, field string, t Throttle) {
	if t.Rate < 1 || t.Rate > 10000 {
		p.add(
			field+".Rate",
			"must be 1 to 10000 requests per second (the account's quota), got %d; set how much the method takes",
			t.Rate,
		)
	}
	if t.Burst < t.Rate {
		p.add(field+".Burst", "must be at least Rate (%d), got %d; raise it", t.Rate, t.Burst)
	}
}

// tables limits the cost of a flood of requests. The quota is that of a table in a new account.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
func tables(s Stage, p *problems) {
	for _, limit := range []struct {
		field string
		got   int
	}{{"Tables.MaxReads", s.Tables.MaxReads}, {"Tables.MaxWrites", s.Tables.MaxWrites}} {
		if limit.got < 1 || limit.got > 40000 {
			p.add(
				limit.field,
				"must be 1 to 40000 request units per second (a table's quota), got %d; set how much a table may take",
				limit.got,
			)
		}
	}
}

// IsSupporter reports whether entry may be listed in [Support]: one IAM user, or the role of one permission set. Other
// roles are refused, because nothing here shows whether they require a second factor. Constructs check it again: IAM's
// ArnEquals would match everybody if an entry held a wildcard.
func IsSupporter(entry string) bool { return supporter.MatchString(entry) }

var supporter = regexp.MustCompile(
	`^(user/([\w+=,.@-]+/)*[\w+=,.@-]{1,64}|` +
		`role/aws-reserved/sso\.amazonaws\.com/([a-z0-9-]+/)?AWSReservedSSO_[\w+=,.@-]{1,64})$`,
)

func support(s Stage, p *problems) {
	for _, list := range []struct {
		field string
		got   []string
	}{{"Support.Agents", s.Support.Agents}, {"Support.PrivacyOfficers", s.Support.PrivacyOfficers}} {
		for i, got := range list.got {
			if !IsSupporter(got) {
				p.add(
					fmt.Sprintf("%s[%d]", list.field, i),
					`must be "user/<name>" or "role/aws-reserved/sso.amazonaws.com/…AWSReservedSSO_…" of the stage's account, `+
						`got %q; enter one of them`,
					got,
				)
			}
		}
	}
}

func logs(s Stage, p *problems) {
	if !slices.Contains(retentionDays, s.Logs.RetentionDays) {
		p.add("Logs.RetentionDays", "must be one of %v, got %d; choose one", retentionDays, s.Logs.RetentionDays)
	} else if s.Purpose == Production && s.Logs.RetentionDays < 365 {
		p.add(
			"Logs.RetentionDays",
			"must be at least 365 in Production (PCI DSS 4.0.1, 10.5.1), got %d; set 365 or more",
			s.Logs.RetentionDays,
		)
	}
}
