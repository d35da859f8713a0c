package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/iam"
)

// undelivered is the ARN of the queue of events that the record has not got.
func (s *Subject) undelivered() string {
	for _, f := range s.Functions {
		if f.DeadLetterConfig.TargetArn != "" {
			return f.DeadLetterConfig.TargetArn
		}
	}
	return ""
}

// TestAdministratorsCannotUseTheQueueOfTheRecord: a role that may do everything in the account, and is neither the
// function's nor CloudFormation's, neither reads nor forges what is replayed, nor changes who may.
func TestAdministratorsCannotUseTheQueueOfTheRecord(t *testing.T) {
	eachAdministrators(t, func(s administrators) {
		keeper, queue := s.ID+"-SecurityEvents", s.undelivered()
		may := map[string][]string{
			keeper: strings.Fields(`sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:PurgeQueue sqs:ReceiveMessage
				sqs:SendMessage`),
			s.deployer: strings.Fields("sqs:AddPermission sqs:DeleteQueue sqs:RemovePermission sqs:SetQueueAttributes"),
		}
		for _, role := range []string{keeper, s.deployer, "Admin", keeper + "2", s.ID + "-UserExport", s.deployer + "2"} {
			for _, action := range slices.Concat(may[keeper], may[s.deployer]) {
				if got, want := s.role(role, action, queue), slices.Contains(may[role], action); got != want {
					s.t.Errorf("%s may %s: %t, want %t", role, action, got, want)
				}
			}
			if !s.role(role, "sqs:GetQueueAttributes", queue) {
				s.t.Errorf("%s cannot even look at the queue, so this would prove nothing", role)
			}
		}
	})
}

// TestOnlyTheRecordsRulesSendToItsQueue: a waiting message is replayed as AWS's own event. A rule of a custom bus could
// send any text, and the name of the bus could begin like the names of the record's rules.
func TestOnlyTheRecordsRulesSendToItsQueue(t *testing.T) {
	eachStage(t, func(t *testing.T, s *Subject) {
		own, queue := s.ID+"-SecurityEvents-", s.undelivered()
		for _, rule := range s.EventRules {
			if !s.sends(t, queue, "events.amazonaws.com", s.arn("events", "rule/"+rule.Name)) {
				t.Errorf("rule %s cannot save its events", rule.Name)
			}
		}
		if len(s.EventRules) < 20 {
			t.Errorf("%d rules were tried", len(s.EventRules))
		}
		for source, service := range map[string]string{
			s.arn("events", "rule/"+own+"bus/any"):                                         "events",
			s.arn("events", "rule/any/"+own+"Rules"):                                       "events",
			s.arn("events", "rule/Another"):                                                "events",
			"arn:aws:events:" + anotherRegion + ":" + s.Account + ":rule/" + own + "Rules": "events",
			"arn:aws:events:" + s.Region + ":" + anotherAccount + ":rule/" + own + "Rules": "events",
			s.arn("events", "rule/"+own+"Rules"):                                           "sns",
		} {
			if s.sends(t, queue, service+".amazonaws.com", source) {
				t.Errorf("%s sends for %s", service, source)
			}
		}
	})
}

// sends reports whether a service may send to a queue for a source.
func (s *Subject) sends(t *testing.T, queue, service, source string) bool {
	t.Helper()
	verdict, err := s.may(who{principal: iam.Principal{Type: iam.Service, ID: service}}, Attempt{
		Action: "sqs:SendMessage", Resource: queue, Context: map[string][]string{
			"aws:SourceArn": {source}, "aws:PrincipalIsAWSService": {"true"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return verdict.Allowed
}
