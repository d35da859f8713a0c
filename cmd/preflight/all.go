package main

import "context"

// one is a check with a single result.
func one(look func(context.Context, Subject) Result) func(context.Context, Subject) []Result {
	return func(ctx context.Context, s Subject) []Result { return []Result{look(ctx, s)} }
}

// all are the checks after that of the credentials, in the order in which their findings should be fixed.
func all() []check {
	return []check{
		{name: "region", run: one(func(ctx context.Context, s Subject) Result {
			return region(ctx, s.Services.Parameters, s.Stage.Region)
		})},
		{name: "bootstrap", run: one(func(ctx context.Context, s Subject) Result {
			return bootstrap(ctx, s.Services.Parameters, s.account, s.Stage)
		})},
		{name: "stacks", run: func(ctx context.Context, s Subject) []Result {
			return stacks(ctx, s.Services.Stacks, s.Stage)
		}},
		{name: "record", run: record},
		{name: "secrets", applies: hasSecrets, run: secrets},
		{name: "metadata", applies: hasMetadata, run: func(_ context.Context, s Subject) []Result {
			return metadata(s.Stage, s.Now)
		}},
		{name: "domain", run: one(domain)},
		{name: "certificate", applies: hasCustom, run: one(func(ctx context.Context, s Subject) Result {
			return certificate(ctx, s.Services.Certificates, s.Stage.Domain, s.Now)
		})},
		{name: "parent domain", applies: hasCustom, run: one(func(ctx context.Context, s Subject) Result {
			return parent(ctx, s.Services.Names, s.Stage.Domain.Custom)
		})},
		{name: "e-mail", run: mail},
		{name: "SMS", applies: sendsSMS, run: sms},
		{name: "API log role", run: one(func(ctx context.Context, s Subject) Result {
			return gatewayLogging(ctx, s.Services.Gateway, s.Stage)
		})},
		{name: "log policies", run: one(func(ctx context.Context, s Subject) Result {
			return logPolicies(ctx, s.Services.Logs, s.Stage.Region)
		})},
		{name: "trail", run: one(func(ctx context.Context, s Subject) Result {
			return trail(ctx, s.Services.Trails, s.Stage.Region)
		})},
		{name: "IAM's events", applies: elsewhere, run: one(func(ctx context.Context, s Subject) Result {
			return forwarding(ctx, s.Services.Rules, s.account, s.Stage.Region)
		})},
		{name: "concurrency", run: one(func(ctx context.Context, s Subject) Result {
			return concurrency(ctx, s.Services.Functions, s.Stage)
		})},
		{name: "quotas", run: one(func(ctx context.Context, s Subject) Result {
			return quotas(ctx, s.Services.Quotas, s.Stage.Region)
		})},
		{name: "Facebook", applies: hasFacebook, run: one(func(_ context.Context, s Subject) Result {
			return facebook(facebookVersion, s.Now)
		})},
	}
}
