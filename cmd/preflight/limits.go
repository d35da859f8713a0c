package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"
)

// inFlight is how many functions run at once for each request a second. A run takes a tenth of a second, with a cold
// start a second. The estimate is deliberately high.
const inFlight = 0.2

// concurrency compares the account's limit of concurrent functions in the Region with the rate limits of the stage's
// API. Lambda throttles the triggers of sign-ins by the same limit.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
func concurrency(ctx context.Context, subject Subject) Result {
	s := subject.Stage
	answer, err := subject.Services.Functions.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	if err != nil {
		return unknown(err)
	}
	if answer.AccountLimit == nil {
		return warning("aws lambda get-account-settings", "Lambda did not say how many functions may run at once in "+
			"%s", s.Region)
	}
	free := aws.ToInt32(answer.AccountLimit.UnreservedConcurrentExecutions)
	wanted := int32(float64(s.API.RateLimit+s.API.Guests.Rate) * inFlight)
	if free < wanted {
		return warning(increase("lambda", "L-B99A9384", s.Region),
			"%d functions may run at once in %s, and about %d do when the API takes what it may: sign-ins are refused before",
			free, s.Region, wanted)
	}
	return ok("%d functions may run at once in %s, and about %d do when the API takes what it may", free, s.Region, wanted)
}

// increase is the command that requests a higher quota.
func increase(service, quota, region string) string {
	return "aws service-quotas request-service-quota-increase --service-code " + service + " --quota-code " + quota +
		" --desired-value … --region " + region
}

// cognitoQuotas are the categories of Cognito's operations that a shop uses up first, with AWS's defaults, in requests
// a second of all user pools of the account and Region. UserRead holds AdminGetUser, which the token trigger calls for
// each step-up. https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
var cognitoQuotas = []struct {
	category string
	granted  float64
}{
	{"UserAuthentication", 120}, {"UserRead", 120}, {"UserCreation", 50}, {"UserFederation", 25},
	{"UserAccountRecovery", 30},
}

// quotas warns if a quota is below AWS's default: new accounts may start with less.
func quotas(ctx context.Context, s Subject) Result {
	region := s.Stage.Region
	found := map[string]types.ServiceQuota{}
	input := &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("cognito-idp")}
	pages := servicequotas.NewListServiceQuotasPaginator(s.Services.Quotas, input)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return unknown(err)
		}
		for _, quota := range page.Quotas {
			found[aws.ToString(quota.QuotaName)] = quota
		}
	}
	var values, low []string
	var remedy string
	for _, wanted := range cognitoQuotas {
		quota, is := found["Rate of "+wanted.category+" requests"]
		if !is || quota.Value == nil {
			values = append(values, wanted.category+" unknown")
			continue
		}
		value := fmt.Sprintf("%s %g", wanted.category, *quota.Value)
		values = append(values, value)
		if *quota.Value < wanted.granted {
			low = append(low, fmt.Sprintf("%s of %g", value, wanted.granted))
			remedy = increase("cognito-idp", aws.ToString(quota.QuotaCode), region)
		}
	}
	if len(low) > 0 {
		return warning(remedy, "Cognito takes fewer requests a second in %s than it usually does: %s",
			region, strings.Join(low, ", "))
	}
	return ok("Cognito takes, a second, of all user pools in %s: %s", region, strings.Join(values, ", "))
}
