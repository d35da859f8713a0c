package test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

func TestAReplicaHasItsOwnMessagesLogsDomainAndWebACL(t *testing.T) {
	for _, cfg := range replicated(t) {
		stack := replicaStacks(cfg)[2]
		_, settings := one(t, stack, "AWS::Cognito::UserPoolRegionalConfigurationAttachment")
		wantJSON(t, "the sender", replicaSender(cfg), settings.Properties["EmailConfiguration"])
		sms, sends := settings.Properties["SmsConfiguration"].(map[string]any)
		if sends != cfg.Users.SendsSMS() {
			t.Errorf("%s: sends SMS %t, want %t", stack.Name, sends, cfg.Users.SendsSMS())
		}
		if sends {
			wantJSON(t, "where SMS are sent from", fmt.Sprintf("%q", cfg.Replica), sms["SnsRegion"])
		}

		_, association := one(t, stack, "AWS::WAFv2::WebACLAssociation")
		wantJSON(t, "what the web ACL protects", fmt.Sprintf(
			`{"Fn::Join":["",["arn:aws:cognito-idp:%s:%s:userpool/",%s]]}`, cfg.Replica, cfg.Account,
			fromPool(cfg, "UserPoolId")), association.Properties["ResourceArn"])
		_, acl := one(t, stack, "AWS::WAFv2::WebACL")
		var limits []float64
		walk(acl.Properties["Rules"], func(value any) {
			statement, _ := value.(map[string]any)
			if limit, has := statement["Limit"].(float64); has {
				limits = append(limits, limit)
			}
		})
		slices.Sort(limits)
		if want := []float64{float64(cfg.WebACL.SignUp), float64(cfg.WebACL.SignIn)}; !slices.Equal(limits, want) {
			t.Errorf("%s: limits %v, want those of the pool, %v", stack.Name, limits, want)
		}
		wantLogs(t, stack, cfg)

		domains := stack.Template.OfType("AWS::Cognito::UserPoolDomain")
		if cfg.Domain.Custom != "" {
			if len(domains) != 0 {
				t.Errorf("%s: a replica cannot have another custom domain", stack.Name)
			}
			continue
		}
		_, domain := one(t, stack, "AWS::Cognito::UserPoolDomain")
		wantJSON(t, "managed login's prefix", fmt.Sprintf("%q", cfg.Domain.Prefix), domain.Properties["Domain"])
	}
}

// replicaSender is the stage's own sender, whose identity is in the copy's Region.
func replicaSender(cfg config.Stage) string {
	if !cfg.Email.SES() {
		return `{"EmailSendingAccount":"COGNITO_DEFAULT"}`
	}
	from := cfg.Email.From
	if cfg.Email.FromName != "" {
		from = fmt.Sprintf("%q <%s>", cfg.Email.FromName, from)
	}
	_, identity, _ := strings.Cut(cfg.Email.IdentityARN, "arn:aws:ses:")
	_, identity, _ = strings.Cut(identity, ":")
	return fmt.Sprintf(`{"EmailSendingAccount":"DEVELOPER","From":%q,"SourceArn":"arn:aws:ses:%s:%s"}`,
		from, cfg.Replica, identity)
}

// wantLogs expects the logs of a replica's stack and their key to be those of the stage: how long they are kept, and
// whether they outlive the stack.
func wantLogs(t *testing.T, stack assembly.Stack, cfg config.Stage) {
	t.Helper()
	deletion := "Delete"
	if cfg.Protection.Retain {
		deletion = "RetainExceptOnCreate"
	}
	logs := stack.Template.OfType("AWS::Logs::LogGroup")
	if len(logs) != 3 {
		t.Errorf("%s has %d log groups, want those of trigger, web ACL and Cognito", stack.Name, len(logs))
	}
	for id, log := range logs {
		wantJSON(t, id+"'s days", fmt.Sprint(cfg.Logs.RetentionDays), log.Properties["RetentionInDays"])
		if log.DeletionPolicy != deletion {
			t.Errorf("%s/%s: %s, want %s", stack.Name, id, log.DeletionPolicy, deletion)
		}
	}
	if id, key := one(t, stack, "AWS::KMS::Key"); key.DeletionPolicy != deletion {
		t.Errorf("%s/%s: %s, want %s", stack.Name, id, key.DeletionPolicy, deletion)
	}
	sources := []string{"userNotification"}
	if cfg.Logs.UserActivity {
		sources = append(sources, "userAuthEvents")
	}
	var got []string
	_, delivery := one(t, stack, "AWS::Cognito::LogDeliveryConfiguration")
	walk(delivery.Properties["LogConfigurations"], func(value any) {
		if c, _ := value.(map[string]any); c["EventSource"] != nil {
			got = append(got, fmt.Sprint(c["EventSource"]))
		}
	})
	if !slices.Equal(got, sources) {
		t.Errorf("%s logs %v, want %v", stack.Name, got, sources)
	}
}

// TestPartsOfAReplicaAreTaggedButTheCopyIsNot: a tag of the copy's stack would reach the copy, and a changed one
// replace it.
func TestPartsOfAReplicaAreTaggedButTheCopyIsNot(t *testing.T) {
	for _, cfg := range replicated(t) {
		for _, stack := range replicaStacks(cfg) {
			name := strings.TrimPrefix(stack.Name, cfg.ID()+"-")
			want := tagsFor(cfg, name)
			if name == "Copy" {
				want = map[string]any{}
			}
			for where, text := range otherTags(stack, want) {
				t.Errorf("%s: %s", where, text)
			}
		}
	}
}
