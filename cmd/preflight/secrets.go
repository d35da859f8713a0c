package main

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/securecart/identity/config"
)

// secrets checks that the secret of every provider exists. CloudFormation reads them during the deploy, and fails if
// one is missing.
func secrets(ctx context.Context, s Subject) []Result {
	var results []Result
	for _, provider := range s.Stage.Providers {
		if provider.SecretName != "" {
			results = append(results, secret(ctx, s.Services.Secrets, provider))
		}
	}
	return results
}

func hasSecrets(s config.Stage) bool {
	return slices.ContainsFunc(s.Providers, func(p config.Provider) bool { return p.SecretName != "" })
}

func secret(ctx context.Context, api Secrets, provider config.Provider) Result {
	name, what := provider.SecretName, "the client secret of "+provider.ProviderName()
	read, value := "read -rs SECRET", `"$SECRET"`
	if provider.Kind == config.Apple {
		// Cognito expects the text between header and footer, in one line.
		what = "the private key of " + provider.ProviderName()
		read = "SECRET=$(grep -v PRIVATE AuthKey_" + provider.Apple.KeyID + `.p8 | tr -d '\n')`
	}
	create := read + ` && aws secretsmanager create-secret --name ` + name + ` --secret-string ` + value
	put := read + ` && aws secretsmanager put-secret-value --secret-id ` + name + ` --secret-string ` + value
	answer, err := api.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: aws.String(name)})
	switch {
	case codeOf(err) == "ResourceNotFoundException":
		return failure(create, "%s, %s, does not exist", name, what)
	case err != nil:
		return unknown(err)
	case answer.DeletedDate != nil:
		return failure("aws secretsmanager restore-secret --secret-id "+name,
			"%s, %s, is going to be deleted, and cannot be read until it is restored", name, what)
	}
	if version := provider.SecretVersion; version != "" {
		if _, is := answer.VersionIdsToStages[version]; !is {
			return failure("enter a version of aws secretsmanager list-secret-version-ids --secret-id "+name,
				"%s, %s, has no version %s", name, what, version)
		}
		return ok("%s, %s, has version %s", name, what, version)
	}
	for _, stages := range answer.VersionIdsToStages {
		if slices.Contains(stages, "AWSCURRENT") {
			return ok("%s, %s, exists; its value was not read", name, what)
		}
	}
	return failure(put, "%s, %s, has no value yet", name, what)
}
