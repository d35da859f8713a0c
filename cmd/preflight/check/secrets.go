package check

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/securecart/identity/config"
)

// secrets looks for the secret of every provider that has one. CloudFormation reads them while it deploys, and fails
// if one is missing.
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
	name := provider.SecretName
	create := `read -rs SECRET && aws secretsmanager create-secret --name ` + name + ` --secret-string "$SECRET"`
	put := `read -rs SECRET && aws secretsmanager put-secret-value --secret-id ` + name + ` --secret-string "$SECRET"`
	answer, err := api.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: aws.String(name)})
	switch {
	case codeOf(err) == "ResourceNotFoundException":
		return failure(create, "%s, the client secret of %s, does not exist", name, provider.ProviderName())
	case err != nil:
		return unknown(err)
	case answer.DeletedDate != nil:
		return failure("aws secretsmanager restore-secret --secret-id "+name,
			"%s, the client secret of %s, is going to be deleted, and cannot be read until it is restored",
			name, provider.ProviderName())
	}
	if version := provider.SecretVersion; version != "" {
		if _, is := answer.VersionIdsToStages[version]; !is {
			return failure("enter a version of aws secretsmanager list-secret-version-ids --secret-id "+name,
				"%s, the client secret of %s, has no version %s", name, provider.ProviderName(), version)
		}
		return ok("%s, the client secret of %s, has version %s", name, provider.ProviderName(), version)
	}
	for _, stages := range answer.VersionIdsToStages {
		if slices.Contains(stages, "AWSCURRENT") {
			return ok("%s, the client secret of %s, exists; its value was not read", name, provider.ProviderName())
		}
	}
	return failure(put, "%s, the client secret of %s, has no value yet", name, provider.ProviderName())
}
