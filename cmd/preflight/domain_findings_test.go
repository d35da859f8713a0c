package main

import (
	"net"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

func TestDomain(t *testing.T) {
	prefix := func(s *config.Stage) { s.Domain = config.Domain{Prefix: "securecart"} }
	described := func(account, status string) []answer {
		return said(`{"DomainDescription":{"UserPoolId":"eu-central-1_Ours",` +
			`"AWSAccountId":"` + account + `","Domain":"securecart","Status":"` + status + `"}}`)
	}
	held := func(stacks []answer) map[string][]answer {
		return map[string][]answer{"DescribeUserPoolDomain": described(account, "ACTIVE"), "DescribeStack": stacks}
	}
	ours := said(stackList("", "eu-central-1_Ours", "SecureCart-Prod-UserPool UPDATE_COMPLETE true"))
	testFindings(t, map[string]finding{
		"a free prefix": {stage: prefix, dns: names{}, check: "domain", want: []string{"ok: securecart is free"}},
		"a prefix that Cognito does not know": {
			stage:   prefix,
			dns:     names{},
			changes: map[string][]answer{"DescribeUserPoolDomain": refusal("", "ResourceNotFoundException", "")},
			check:   "domain", want: []string{"ok: securecart is free"},
		},
		"a prefix that answers": {
			stage: prefix, dns: names{"ip securecart.auth.eu-central-1.amazoncognito.com": nil}, check: "domain",
			want:   []string{"warning: securecart is not this account's, and answers in DNS: another account seems to have it"},
			remedy: "another Domain.Prefix",
		},
		"ours": {stage: prefix, changes: held(ours), check: "domain", want: []string{"ok: securecart is this stage's"}},
		"ours, and broken": {
			stage:   prefix,
			changes: map[string][]answer{"DescribeUserPoolDomain": described(account, "FAILED"), "DescribeStack": ours},
			check:   "domain",
			want:    []string{"warning: securecart is this stage's, and Cognito could not set it up"},
			remedy:  "custom-domain",
		},
		"another account's": {
			stage: prefix, changes: map[string][]answer{"DescribeUserPoolDomain": described("999900001111", "ACTIVE")},
			check:  "domain",
			want:   []string{"failure: securecart belongs to account 999900001111"},
			remedy: "another Domain.Prefix",
		},
		"another pool's": {
			stage:   prefix,
			changes: held(said(stackList("", "eu-central-1_Other", "SecureCart-Prod-UserPool UPDATE_COMPLETE true"))),
			check:   "domain",
			want: []string{
				"failure: securecart belongs to user pool eu-central-1_Ours of this account, which is not this stage's",
			},
			remedy: "aws cognito-idp delete-user-pool-domain --domain securecart --user-pool-id eu-central-1_Ours",
		},
		"a leftover": {
			stage:   prefix,
			changes: held(refusal("DescribeStack", "ValidationError", "Stack with id SecureCart-Prod-UserPool does not exist")),
			check:   "domain",
			want: []string{
				"failure: securecart belongs to user pool eu-central-1_Ours of this account, which is not this stage's",
			},
		},
		"a parent without a record": {
			dns: names{}, check: "parent domain",
			want: []string{
				"failure: securecart.example, the parent of auth.securecart.example, has no A record, and Cognito wants one",
			},
			remedy: "give securecart.example an A record",
		},
		"a parent with addresses of another kind": {
			dns: names{"ip6 securecart.example": nil}, check: "parent domain",
			want: []string{
				"failure: securecart.example, the parent of auth.securecart.example, has no A record, and Cognito wants one",
			},
		},
		"no DNS": {
			dns: names{"ip4 securecart.example": unreachable}, check: "parent domain",
			want: []string{
				"warning: not checked: the look-up of securecart.example failed: lookup securecart.example: server misbehaving",
			},
			remedy: "run it where",
		},
	})
}

func TestCertificate(t *testing.T) {
	certificate := func(status, end string, covered ...string) map[string][]answer {
		return map[string][]answer{"DescribeCertificate": said(`{"Certificate":{"DomainName":"` + covered[0] +
			`","SubjectAlternativeNames":["` +
			strings.Join(covered, `","`) + `"],"Status":"` + status + `","NotAfter":` + end + `}}`)}
	}
	const later, soon = "1.8125856E9", "1.7976E9" // 2027-06-10, 2026-12-19
	testFindings(t, map[string]finding{
		"none": {
			changes: map[string][]answer{"DescribeCertificate": refusal("", "ResourceNotFoundException", "")},
			check:   "certificate",
			want:    []string{"failure: " + arn + " does not exist in this account"},
			remedy:  "in us-east-1",
		},
		"not validated": {
			changes: certificate("PENDING_VALIDATION", later, "*.securecart.example"), check: "certificate",
			want: []string{
				"failure: the certificate of auth.securecart.example is not issued yet: it waits for its validation",
			},
			remedy: "aws acm describe-certificate --region us-east-1",
		},
		"expired": {
			changes: certificate("EXPIRED", soon, "*.securecart.example"), check: "certificate",
			want: []string{"failure: the certificate of auth.securecart.example is not usable: it is EXPIRED"},
		},
		"of another host": {
			changes: certificate("ISSUED", later, "www.securecart.example", "*.auth.securecart.example", "*.example"),
			check:   "certificate",
			want: []string{
				"failure: the certificate does not cover auth.securecart.example, but www.securecart.example, " +
					"www.securecart.example, *.auth.securecart.example, *.example",
			},
		},
		"of the host": {
			changes: certificate("ISSUED", later, "Auth.SecureCart.example"), check: "certificate",
			want: []string{"ok: the certificate in us-east-1 is issued and covers auth.securecart.example"},
		},
		"about to end": {
			changes: certificate("ISSUED", soon, "*.securecart.example"), check: "certificate",
			want:   []string{"warning: the certificate of auth.securecart.example ends on 2026-12-18, and was not renewed yet"},
			remedy: "troubleshooting-renewal",
		},
	})
}

// unreachable is a look-up that fails without saying anything about the host.
var unreachable = &net.DNSError{Err: "server misbehaving", Name: "securecart.example", IsTemporary: true}
