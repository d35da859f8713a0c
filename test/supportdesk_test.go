package test

import (
	"strings"
	"testing"
)

// TestTheSupportDeskTrustsWhoIsListedWithASecondFactorTicketAndReason: the principal is the stage's own account, and every
// condition must hold at once.
func TestTheSupportDeskTrustsWhoIsListedWithASecondFactorTicketAndReason(t *testing.T) {
	users, sets := 0, 0
	eachStage(t, func(t *testing.T, s stageOf) {
		if !supported(s) {
			return
		}
		for id, trusted := range map[string][]string{
			"SupportDeskSupport": s.config.Support.Agents, "SupportDeskPrivacy": s.config.Support.PrivacyOfficers,
		} {
			role := s.resource(t, "Operations", id)
			want(t, role, 3600.0, "a stolen session would live on", "MaxSessionDuration")
			want(t, role, s.ID+"-"+strings.TrimPrefix(id, "SupportDesk"), "the tool would not find the role", "RoleName")
			var expected []string
			for _, kind := range []struct {
				prefix, mfa string
				count       *int
			}{
				{"user/", "Bool aws:MultiFactorAuthPresent true and ", &users},
				{"role/aws-reserved/sso.amazonaws.com/", "", &sets},
			} {
				var arns []string
				for _, name := range trusted {
					if strings.HasPrefix(name, kind.prefix) {
						*kind.count++
						arns = append(arns, "arn:aws:iam::"+s.account()+":"+name)
					}
				}
				if len(arns) > 0 {
					expected = append(expected, trust(s, strings.Join(arns, ","), kind.mfa)...)
				}
			}
			compare(t, role.trust(t), expected, "somebody else could help himself, without a second factor or without a trace")
		}
	})
	if users == 0 || sets == 0 {
		t.Errorf("%d users and %d permission sets are trusted; both must occur, or this proves nothing", users, sets)
	}
}

// trust are the two statements for one kind of people.
func trust(s stageOf, arns, mfa string) []string {
	age := ""
	if mfa != "" {
		age = "NumericLessThanEquals aws:MultiFactorAuthAge 3600 and "
	}
	begin := "to AWS arn:aws:iam::" + s.account() + ":root if ArnEquals aws:PrincipalArn " + arns + " and " + mfa +
		"ForAllValues:StringEquals aws:TagKeys reason,ticket and " + age
	const tagged = "StringLike aws:RequestTag/reason ?* and StringLike aws:RequestTag/ticket ?*"
	return []string{
		"Allow sts:AssumeRole " + begin + "StringEquals sts:RoleSessionName ${aws:RequestTag/ticket} and " + tagged,
		"Allow sts:TagSession " + begin + tagged,
	}
}
