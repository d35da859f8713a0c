package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// deployedData is the stack Data of Prod, with the bucket of the record.
var deployedData = strings.Replace(stackList("", "", "SecureCart-Prod-Data UPDATE_COMPLETE true"),
	"<OutputKey>UserPoolId</OutputKey><OutputValue>",
	"<OutputKey>SecurityEventsBucket</OutputKey><OutputValue>securecart-prod-events", 1)

// lockedFor is the part of the bucket's policy by which only this role may change it.
func lockedFor(role string) []answer {
	return said(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": "arn:aws:s3:::securecart-prod-events",
			"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
		{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": "arn:aws:s3:::securecart-prod-events",
			"Condition": {"NumericLessThan": {"s3:TlsVersion": 1.2}}},
		{"Sid": "RefuseOtherSettings", "Effect": "Deny", "Principal": {"AWS": "*"},
			"Action": ["s3:DeleteBucketPolicy", "s3:PutBucketPolicy"], "Resource": "arn:aws:s3:::securecart-prod-events",
			"Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::` + account + `:role/` + role + `"}}}]}`)
}

func TestTheRecordsBucketKnowsTheRoleOfTheDeploy(t *testing.T) {
	const (
		own  = "cdk-scprod-cfn-exec-role-" + account + "-eu-central-1"
		past = "cdk-hnb659fds-cfn-exec-role-" + account + "-eu-central-1"
		no   = " may change securecart-prod-events, and the stage is now deployed with " + own
		page = `docs/delivery.md, "Another execution role"`
	)
	findings := map[string]finding{}
	for name, f := range map[string]struct {
		policy       []answer
		want, remedy string
	}{
		"the same role": {lockedFor(own), "ok: " + own + " may change securecart-prod-events", ""},
		"the role before the stage got a pipeline": {lockedFor(past), "failure: only " + past + no, page},
		"of another Region": {
			lockedFor(strings.Replace(own, "eu-central-1", "eu-west-1", 1)),
			"failure: only " + strings.Replace(own, "eu-central-1", "eu-west-1", 1) + no, page,
		},
		"some other role": {lockedFor("Admin"), "failure: only another role" + no, page},
		"not yet locked": {
			said(strings.ReplaceAll(lockedFor("Admin")[0].body, "s3:PutBucketPolicy", "s3:GetBucketAcl")),
			"ok: " + own + " may change securecart-prod-events", "",
		},
		"no policy": {
			refusal("GetBucketPolicy", "NoSuchBucketPolicy", "why"),
			"ok: securecart-prod-events has no policy, so the deploy may set it", "",
		},
		"refused": {
			refusal("GetBucketPolicy", "AccessDenied", "why"),
			"warning: not checked: the permission s3:GetBucketPolicy is missing", "docs/preflight.md",
		},
		"not understood": {
			said(`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*",
				"Resource": "*", "Unless": {}}}`),
			"warning: not checked: the policy of securecart-prod-events is not understood: policy document: Statement[0]: " +
				"Unless: unknown element", page,
		},
	} {
		findings[name] = finding{
			changes: map[string][]answer{"DescribeStack": said(deployedData), "GetBucketPolicy": f.policy},
			check:   "record", want: []string{f.want}, remedy: f.remedy,
		}
	}
	findings["no bucket"] = finding{
		changes: map[string][]answer{"DescribeStack": said(stackList("", "", "SecureCart-Prod-Data UPDATE_COMPLETE true"))},
		check:   "record", want: []string{"ok: the record of changes has no bucket yet"},
	}
	testFindings(t, findings)
}

// deployedOperations also has the queue of undelivered events.
var deployedOperations = strings.Replace(deployedData, "<OutputKey>",
	"<OutputKey>UndeliveredQueue</OutputKey><OutputValue>https://sqs.eu-central-1.amazonaws.com/"+account+
		"/undelivered</OutputValue></member><member><OutputKey>", 1)

func TestTheRecordsQueueKnowsTheRoleOfTheDeploy(t *testing.T) {
	const (
		own  = "cdk-scprod-cfn-exec-role-" + account + "-eu-central-1"
		past = "cdk-hnb659fds-cfn-exec-role-" + account + "-eu-central-1"
		page = `docs/delivery.md, "Another execution role"`
		arn  = "arn:aws:sqs:eu-central-1:" + account + ":undelivered"
	)
	lockedFor := func(role string) []answer {
		policy := strings.NewReplacer("arn:aws:s3:::securecart-prod-events", arn, "s3:PutBucketPolicy",
			"sqs:SetQueueAttributes", "s3:*", "sqs:*").Replace(lockedFor(role)[0].body)
		text, err := json.Marshal(map[string]any{"Attributes": map[string]string{"Policy": policy, "QueueArn": arn}})
		if err != nil {
			t.Fatal(err)
		}
		return said(string(text))
	}
	for name, c := range map[string]struct {
		attributes   []answer
		want, remedy string
	}{
		"the same role": {lockedFor(own), "ok: " + own + " may change undelivered", ""},
		"the role before the stage got a pipeline": {
			lockedFor(past),
			"failure: only " + past + " may change undelivered, and the stage is now deployed with " + own, page,
		},
		"no policy": {
			said(`{"Attributes": {}}`), "ok: undelivered has no policy, so the deploy may set it", "",
		},
		"refused": {
			refusal("GetQueueAttributes", "AccessDenied", "why"),
			"warning: not checked: the permission sqs:GetQueueAttributes is missing", "docs/preflight.md",
		},
	} {
		results, _ := look(t, prod(), map[string][]answer{
			"DescribeStack":   said(deployedOperations),
			"GetBucketPolicy": refusal("GetBucketPolicy", "NoSuchBucketPolicy", "why"), "GetQueueAttributes": c.attributes,
		}, nil)
		got := of(results, "record")
		if len(got) != 2 {
			t.Errorf("%s: %v, want two results", name, got)
			continue
		}
		finding := string(got[1].Status) + ": " + got[1].Finding
		if finding != c.want || !strings.Contains(got[1].Remedy, c.remedy) {
			t.Errorf("%s: %s (%s), want %s", name, finding, got[1].Remedy, c.want)
		}
	}
}
