package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/securecart/identity/config"
)

// secrets is the part of Secrets Manager that this command calls. It never reads a value.
type secrets interface {
	DescribeSecret(context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options)) (
		*secretsmanager.DescribeSecretOutput, error)
}

// renewal is the greatest age of a client secret. PCI DSS 4.0.1, 8.6.3, leaves the age to the shop's own risk analysis.
const renewal = 365 * 24 * time.Hour

// due lists the providers' secrets that are older than renewal, and the metadata whose last certificate is about to
// expire. It returns their number.
func (l look) due(ctx context.Context, stage config.Stage) (int, error) {
	found := 0
	var errs []error
	for _, provider := range stage.Providers {
		if expires, embedded := provider.SignsUntil(); embedded && expires.Sub(l.now) < config.MetadataNotice {
			found++
			fmt.Fprintf(l.stdout, "- **due** the last certificate in the metadata of %s expires on %s: docs/providers.md\n",
				provider.Name, expires.Format(time.DateOnly))
		}
		if provider.SecretName == "" {
			continue
		}
		secret, err := l.secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &provider.SecretName})
		if err != nil {
			errs = append(errs, fmt.Errorf("look at %s: %w", provider.SecretName, err))
			continue
		}
		changed := aws.ToTime(secret.LastChangedDate)
		if changed.IsZero() {
			changed = aws.ToTime(secret.CreatedDate)
		}
		if age := l.now.Sub(changed); age > renewal {
			found++
			fmt.Fprintf(l.stdout,
				"- **due** the secret `%s` is %d days old: docs/operations.md, \"Rotate a provider's secret\"\n",
				provider.SecretName, int(age.Hours()/24))
		}
	}
	return found, errors.Join(errs...)
}
