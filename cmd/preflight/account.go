package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/awsaccess"
)

// credentialsOf returns the account of the credentials, and compares it with the config. A stage without an account in
// its config is deployed to the credentials' account.
func credentialsOf(ctx context.Context, s Subject) (account string, r Result) {
	caller, err := s.Services.Callers.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	switch code := codeOf(err); {
	case code == "InvalidClientTokenId":
		return "", failure(awsaccess.SignIn+"; a Region that is off is switched on at "+
			"https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
			"AWS does not know these credentials in %s: they are wrong, or the Region is off in their account", s.Stage.Region)
	case code != "":
		return "", failure(awsaccess.SignIn, "AWS refuses these credentials: %s: %s", code, messageOf(err))
	case err != nil:
		return "", failure(awsaccess.SignIn, "there are no credentials on this machine, or AWS cannot be reached: %v",
			awsaccess.Cause(err))
	}
	account = aws.ToString(caller.Account)
	arn := aws.ToString(caller.Arn)
	switch {
	case s.Stage.Account == config.DocumentationAccount:
		return account, failure("enter the account as Account of "+s.Stage.Name+" in config/stages.go",
			"the config still names %s, the account of AWS's documentation", config.DocumentationAccount)
	case s.Stage.Account != "" && s.Stage.Account != account:
		return account, failure(
			"use credentials of "+s.Stage.Account+", or change Account of "+s.Stage.Name+" in config/stages.go",
			"the credentials are of account %s, the config names %s", account, s.Stage.Account,
		)
	case strings.HasSuffix(arn, ":root"):
		return account, warning("https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
			"the credentials are those of the root user of account %s", account)
	case s.Stage.Account == "":
		return account, ok("account %s in %s, because of the credentials: the config names none "+
			"(%s)", account, s.Stage.Region, arn)
	}
	return account, ok("account %s in %s, as the config says (%s)", account, s.Stage.Region, arn)
}

// bootstrapVersion is the version that synthesized stacks require (MINIMUM_BOOTSTRAP_STACK_VERSION of the CDK's
// DefaultStackSynthesizer). With an older bootstrap they cannot be deployed.
// https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
const bootstrapVersion = 6

// bootstrap checks the version in the parameter of the bootstrap stack with the stage's qualifier.
func bootstrap(ctx context.Context, s Subject) Result {
	account, stage := s.account, s.Stage
	region, parameter := stage.Region, "/cdk-bootstrap/"+stage.Delivery.Bootstrap()+"/version"
	remedy := "node_modules/.bin/cdk bootstrap aws://" + account + "/" + region
	if stage.Delivery.Pipeline() {
		remedy += " with the arguments that the output Bootstrap of the stack SecureCart-Delivery-" + stage.Name + " gives"
	}
	answer, err := s.Services.Parameters.GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String(parameter)})
	switch {
	case codeOf(err) == "ParameterNotFound":
		return failure(remedy, "%s in %s is not bootstrapped for the CDK: %s is missing", account, region, parameter)
	case err != nil:
		return unknown(err)
	}
	version, err := strconv.Atoi(aws.ToString(answer.Parameter.Value))
	switch {
	case err != nil:
		return warning(remedy, "%s holds %q, which is no version", parameter, aws.ToString(answer.Parameter.Value))
	case version < bootstrapVersion:
		return failure(remedy, "the bootstrap stack has version %d, and the templates need %d", version, bootstrapVersion)
	}
	return ok("version %d, and the templates need %d", version, bootstrapVersion)
}

// needed are the services that every stage needs, by the names of AWS's public parameters.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html
var needed = []string{"cognito-idp", "cognito-identity", "apigateway", "lambda", "dynamodb", "kms", "s3", "sns"}

func region(ctx context.Context, s Subject) Result {
	region := s.Stage.Region
	path := "/aws/service/global-infrastructure/regions/" + region + "/services/"
	input := &ssm.GetParametersInput{}
	for _, service := range needed {
		input.Names = append(input.Names, path+service)
	}
	answer, err := s.Services.Parameters.GetParameters(ctx, input)
	if err != nil {
		return unknown(err)
	}
	if len(answer.InvalidParameters) == 0 {
		return ok("%s has all services that a stage needs", region)
	}
	var missing []string
	for _, name := range answer.InvalidParameters {
		missing = append(missing, strings.TrimPrefix(name, path))
	}
	const page = "choose a Region of https://aws.amazon.com/about-aws/global-infrastructure/regional-product-services/"
	if len(missing) == len(needed) {
		return failure(page, "AWS lists no service in %q: there is no such Region, or none for these credentials", region)
	}
	return warning(page, "AWS does not list %s in %s", strings.Join(missing, ", "), region)
}
