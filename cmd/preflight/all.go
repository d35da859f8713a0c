package main

import "context"

// one is a check with a single result.
func one(look func(context.Context, Subject) Result) func(context.Context, Subject) []Result {
	return func(ctx context.Context, s Subject) []Result { return []Result{look(ctx, s)} }
}

// all are the checks after that of the credentials, in the order in which their findings should be fixed.
func all() []check {
	return []check{
		{name: "region", run: one(region)},
		{name: "bootstrap", run: one(bootstrap)},
		{name: "stacks", run: stacks},
		{name: "record", run: record},
		{name: "secrets", applies: hasSecrets, run: secrets},
		{name: "metadata", applies: hasMetadata, run: func(_ context.Context, s Subject) []Result {
			return metadata(s.Stage, s.Now)
		}},
		{name: "domain", run: one(domain)},
		{name: "certificate", applies: hasCustom, run: one(certificate)},
		{name: "parent domain", applies: hasCustom, run: one(parent)},
		{name: "e-mail", run: mail},
		{name: "SMS", applies: sendsSMS, run: sms},
		{name: "API log role", run: one(gatewayLogging)},
		{name: "log policies", run: one(logPolicies)},
		{name: "trail", run: one(trail)},
		{name: "IAM's events", applies: elsewhere, run: one(forwarding)},
		{name: "concurrency", run: one(concurrency)},
		{name: "quotas", run: one(quotas)},
		{name: "Facebook", applies: hasFacebook, run: one(func(_ context.Context, s Subject) Result {
			return facebook(facebookVersion, s.Now)
		})},
	}
}
