package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestEveryRefusalIsAWarningThatNamesThePermission: a missing permission to read must not prevent the deploy.
func TestEveryRefusalIsAWarningThatNamesThePermission(t *testing.T) {
	permissions := map[string]string{
		"GetParameter": "ssm:GetParameter", "GetParameters": "ssm:GetParameters",
		"DescribeSecret":         "secretsmanager:DescribeSecret",
		"DescribeUserPoolDomain": "cognito-idp:DescribeUserPoolDomain", "DescribeCertificate": "acm:DescribeCertificate",
		"ses:GetAccount": "ses:GetAccount", "GetEmailIdentity": "ses:GetEmailIdentity",
		"GetSMSSandboxAccountStatus": "sns:GetSMSSandboxAccountStatus", "GetSMSAttributes": "sns:GetSMSAttributes",
		"GetAccountSettings": "lambda:GetAccountSettings", "ListServiceQuotas": "servicequotas:ListServiceQuotas",
		"apigateway:GetAccount": "apigateway:GET", "DescribeResourcePolicies": "logs:DescribeResourcePolicies",
		"DescribeStack": "cloudformation:DescribeStacks", "GetBucketPolicy": "s3:GetBucketPolicy",
		"GetQueueAttributes": "sqs:GetQueueAttributes",
		"DescribeStacks":     "cloudformation:DescribeStacks", "DescribeTrails": "cloudtrail:DescribeTrails",
		"GetTrailStatus": "cloudtrail:GetTrailStatus", "GetEventSelectors": "cloudtrail:GetEventSelectors",
		"ListRuleNamesByTarget": "events:ListRuleNamesByTarget",
	}
	manual, err := os.ReadFile(filepath.Join(root(t), "docs", "preflight.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, permission := range permissions {
		if !strings.Contains(string(manual), "`"+permission+"`") {
			t.Errorf("docs/preflight.md does not list %s", permission)
		}
	}
	for operation := range account444() {
		permission, listed := permissions[operation]
		if operation == "GetCallerIdentity" {
			continue // needs none
		}
		if !listed {
			t.Fatalf("%s is not in the table of this test", operation)
		}
		code := "AccessDeniedException"
		switch operation {
		case "DescribeStack", "DescribeStacks":
			code = "AccessDenied"
		case "GetSMSAttributes", "GetSMSSandboxAccountStatus":
			code = "AuthorizationError"
		}
		testAnswerIsUnknown(t, operation, code, "not checked: the permission "+permission+" is missing")
		throttling := map[string]string{"DescribeStack": "Throttling", "DescribeStacks": "Throttling",
			"GetAccountSettings": "TooManyRequestsException"}[operation]
		if throttling == "" {
			throttling = "ThrottlingException"
		}
		testAnswerIsUnknown(t, operation, throttling, "not checked: AWS put "+permission+" off ("+throttling+")")
		testAnswerIsUnknown(t, operation, "InternalFailure", "not checked: "+permission+" answered InternalFailure: why")
	}
}

// testAnswerIsUnknown checks an account where one operation fails: exactly the results that need it are warnings.
func testAnswerIsUnknown(t *testing.T, operation, code, want string) {
	t.Helper()
	results, _ := look(t, prod(), map[string][]answer{operation: refusal(operation, code, "why")}, nil)
	warned := 0
	for _, r := range results {
		switch {
		case r.Check == "Facebook":
		case r.Status == Failure:
			t.Errorf("%s of %s: %s", code, operation, short(r))
		case r.Status == Warning:
			warned++
			if r.Finding != want || r.Remedy == "" {
				t.Errorf("%s of %s: got %s (%s), want %s", code, operation, short(r), r.Remedy, want)
			}
		}
	}
	if warned == 0 {
		t.Errorf("%s of %s is nobody's warning", code, operation)
	}
}

// TestASilentServiceIsAWarning: the results of the other checks are still reported.
func TestASilentServiceIsAWarning(t *testing.T) {
	r := &recorded{t: t, answers: account444(), asked: map[string][]string{}, sent: map[string]string{},
		silent: "ListServiceQuotas"}
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	limited, stop := context.WithDeadline(ctx, time.Now().Add(time.Hour))
	defer stop()
	ticks, told := make(chan time.Time), make(chan []string)
	done := make(chan []Result)
	go func() {
		done <- lookAt(expiring{limited, ctx}, t, prod(), r, nil, Progress{
			Ticks: ticks, Waiting: func(names []string) { told <- names },
		})
	}()
	for {
		ticks <- time.Time{}
		if names := <-told; slices.Equal(names, []string{"quotas"}) {
			break
		}
	}
	cancel(context.DeadlineExceeded)
	results := <-done
	got := of(results, "quotas")
	if len(got) != 1 || got[0].Status != Warning ||
		got[0].Finding != "not checked: servicequotas:ListServiceQuotas did not answer in time" {
		t.Errorf("got %v", got)
	}
	if len(of(results, "stacks")) != 1 || worstOf(results) != Warning {
		t.Errorf("the others: %v", results)
	}
}

// expiring is a context whose deadline passes when another is cancelled.
type expiring struct {
	context.Context
	until context.Context
}

func (e expiring) Done() <-chan struct{} { return e.until.Done() }

func (e expiring) Err() error { return context.Cause(e.until) }
