package test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/alarm"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/securityevents"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/constructs/supportdesk"
	"github.com/securecart/identity/constructs/topic"
)

func TestDataConstructsRefuseMisuseByName(t *testing.T) {
	for _, m := range []misuse{
		{"log that nothing encrypts", func(s awscdk.Stack) { logging.NewGroup(s, "Log", logging.GroupProps{}) },
			"S/Log: " + noLogs},
		{"log kept for days that CloudWatch Logs does not take", func(s awscdk.Stack) {
			eight := kept(s)
			eight.RetentionDays = 8
			logging.NewGroup(s, "Log", logging.GroupProps{Settings: eight})
		}, "S/Log: Logs.RetentionDays must be a number of days that CloudWatch Logs takes, got 8"},
		{"delivered log without a reason", func(s awscdk.Stack) {
			logging.NewDeliveryGroup(s, "Log", logging.DeliveryGroupProps{})
		}, "S/Log: Logs.RetentionDays must be a number of days that CloudWatch Logs takes, got 0; " +
			"Reason must be given, got none"},
		{"alarms without anything", func(s awscdk.Stack) { alarm.New(s, "Alarms", alarm.Props{}) },
			"S/Alarms: StageID must be given, got none; StageName must be given, got none; " +
				"Alarms.Thresholds must be given, got none; Key must be given, got none; " +
				"Fallback must be given, got none; " +
				"Watched.Functions must be given, got none; Watched.API must be given, got none; " +
				"Watched.Pool must be given, got none; Watched.Tables must be given, got none; " +
				"Watched.WebACLs must be given, got none; Watched.Logs must be given, got none; " +
				"Watched.Record must be given, got none"},
		{"topic without anything", func(s awscdk.Stack) { topic.New(s, "Topic", topic.Props{}) },
			"S/Topic: KeyID must be given, got none"},
		{"record without anything", func(s awscdk.Stack) { securityevents.New(s, "Events", securityevents.Props{}) },
			"S/Events: Builder must be given, got none; StageID must be given, got none; " +
				"Bootstrap must be given, got none; Deployer must be given, got none; " +
				"Starter must be given, got none; StartedBy must be given, got none; Pipeline must be given, got none; " +
				"Logs.RetentionDays must be a number of days that CloudWatch Logs takes, got 0; " +
				"Logs.Key must be given, got none; Bucket must be given, got none; Pool must be given, got none; " +
				"IdentityPoolID must be given, got none; APIID must be given, got none; " +
				"ClientsParameter must be given, got none; Keys must be given, got none"},
		{"locked bucket without anything", func(s awscdk.Stack) {
			storage.NewLockedBucket(s, "Record", storage.LockedBucketProps{})
		}, "S/Record: Key must be given, got none; Log must be given, got none; LockDays must be given, got none; " +
			"Writer must be given, got none; Deployer must be given, got none"},
		{"locked bucket with a key that administrators delete", func(s awscdk.Stack) {
			log := storage.NewLogBucket(s, "Log", storage.LogBucketProps{RetentionDays: 1})
			storage.NewLockedBucket(s, "Record", storage.LockedBucketProps{
				Key: storage.NewKey(s, "Key", storage.KeyProps{Encrypts: "a"}), Log: log, LockDays: 1, Writer: "w", Deployer: "d",
			})
		}, "S/Record: Key must have a Deployer, got one that IAM alone protects"},
		{"table without anything", func(s awscdk.Stack) { storage.NewTable(s, "Orders", storage.TableProps{}) },
			"S/Orders: Key must be given, got none; PartitionKey must be given, got none; " +
				"Limits.MaxReads must be given, got none; Limits.MaxWrites must be given, got none"},
		{"table with half an index", func(s awscdk.Stack) {
			storage.NewTable(s, "Orders", storage.TableProps{
				Key:          storage.NewKey(s, "Key", storage.KeyProps{Encrypts: "a"}),
				PartitionKey: "a", Limits: config.Tables{MaxReads: 1, MaxWrites: 1},
				LocalIndex: storage.Index{Name: "l", SortKey: "b"}, GlobalIndex: storage.Index{Name: "g"},
			})
		}, "S/Orders: LocalIndex must be of a table with SortKey, got {Name:l PartitionKey: SortKey:b} without; " +
			"GlobalIndex must have a PartitionKey, got {Name:g PartitionKey: SortKey:}"},
		{"bucket without anything", func(s awscdk.Stack) { storage.NewBucket(s, "Media", storage.BucketProps{}) },
			`S/Media: Log must be given, got none; WebOrigin must be one origin, got ""`},
		{"bucket for every origin", func(s awscdk.Stack) {
			log := storage.NewLogBucket(s, "Log", storage.LogBucketProps{RetentionDays: 1})
			storage.NewBucket(s, "Media", storage.BucketProps{Log: log, WebOrigin: "https://*.shop.test"})
		}, `S/Media: WebOrigin must be one origin, got "https://*.shop.test"`},
		{"log bucket without anything", func(s awscdk.Stack) { storage.NewLogBucket(s, "Log", storage.LogBucketProps{}) },
			"S/Log: RetentionDays must be given, got none"},
		{"key of nothing", func(s awscdk.Stack) { storage.NewKey(s, "Key", storage.KeyProps{}) },
			"S/Key: Encrypts must be given, got none"},
		{"support desk without anything, for people without a second factor", func(s awscdk.Stack) {
			supportdesk.New(s, "Desk", supportdesk.Props{
				Agents: []string{"user/jane", "role/deployer"}, PrivacyOfficers: []string{"user/*"},
			})
		},
			"S/Desk: StageID must be given, got none; Pool must be given, got none; Orders must be given, got none; " +
				"Customers must be given, got none; Links must be given, got none; Proofs must be given, got none; " +
				`Documents must be given, got none; Agents must be users and permission sets, got "role/deployer"; ` +
				`PrivacyOfficers must be users and permission sets, got "user/*"`},
	} {
		t.Run(m.name, m.check)
	}
}
