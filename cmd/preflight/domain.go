package main

import (
	"context"
	"crypto/x509"
	"errors"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognitotypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/config"
)

func hasCustom(s config.Stage) bool { return s.Domain.Custom != "" }

// domain finds out who owns the domain of managed login: nobody, this stage, or another account. Cognito describes only
// the account's own domains, so a prefix that exists in DNS and is not the account's must belong to another account.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html
func domain(ctx context.Context, s Subject) Result {
	name := s.Stage.Domain.Prefix + s.Stage.Domain.Custom
	answer, err := s.Services.Pools.DescribeUserPoolDomain(
		ctx, &cognitoidentityprovider.DescribeUserPoolDomainInput{Domain: aws.String(name)},
	)
	if err != nil && codeOf(err) != "ResourceNotFoundException" {
		return unknown(err)
	}
	const choose = "choose another Domain.Prefix in config/stages.go"
	if err != nil || answer.DomainDescription == nil || answer.DomainDescription.UserPoolId == nil {
		if s.Stage.Domain.Prefix != "" && answers(ctx, s.Services.Names, name+".auth."+s.Stage.Region+".amazoncognito.com") {
			return warning(choose, "%s is not this account's, and answers in DNS: another account seems to have it", name)
		}
		return ok("%s is free", name)
	}
	found := answer.DomainDescription
	pool := aws.ToString(found.UserPoolId)
	if account := aws.ToString(found.AWSAccountId); account != "" && account != s.account {
		return failure(choose, "%s belongs to account %s", name, account)
	}
	outputs, err := outputsOf(ctx, s.Services.Stacks, s.Stage.ID()+"-UserPool")
	switch {
	case err != nil:
		return unknown(err)
	case !slices.Contains(slices.Collect(maps.Values(outputs)), pool):
		return failure("once nobody signs in there: "+
			"aws cognito-idp delete-user-pool-domain --domain "+name+" --user-pool-id "+pool,
			"%s belongs to user pool %s of this account, which is not this stage's", name, pool)
	case found.Status == cognitotypes.DomainStatusTypeFailed:
		return warning("https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html",
			"%s is this stage's, and Cognito could not set it up", name)
	}
	return ok("%s is this stage's", name)
}

func answers(ctx context.Context, names Names, host string) bool {
	addresses, err := names.LookupIP(ctx, "ip", host)
	return err == nil && len(addresses) > 0
}

// parent looks for the A record without which Cognito refuses a custom domain.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html
func parent(ctx context.Context, s Subject) Result {
	custom := s.Stage.Domain.Custom
	_, host, _ := strings.Cut(custom, ".")
	addresses, err := s.Services.Names.LookupIP(ctx, "ip4", host)
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound, err == nil && len(addresses) == 0:
		return failure("give "+host+" an A record; any address will do: "+
			"https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html",
			"%s, the parent of %s, has no A record, and Cognito wants one", host, custom)
	case err != nil:
		return warning("run it where names can be looked up", "not checked: the look-up of %s failed: %v", host, err)
	}
	return ok("%s, the parent of %s, has an A record", host, custom)
}

// expirySoon is how long before its end a certificate is reported. ACM renews its own certificates 60 days before.
// https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
const expirySoon = 30 * 24 * time.Hour

func certificate(ctx context.Context, s Subject) Result {
	d := s.Stage.Domain
	input := &acm.DescribeCertificateInput{CertificateArn: aws.String(d.CertificateARN)}
	answer, err := s.Services.Certificates.DescribeCertificate(ctx, input)
	const request = "https://docs.aws.amazon.com/acm/latest/userguide/acm-public-certificates.html; in us-east-1, " +
		"then enter its ARN as Domain.CertificateARN"
	switch {
	case codeOf(err) == "ResourceNotFoundException":
		return failure(request, "%s does not exist in this account", d.CertificateARN)
	case err != nil:
		return unknown(err)
	}
	found := answer.Certificate
	covered := append([]string{aws.ToString(found.DomainName)}, found.SubjectAlternativeNames...)
	names := x509.Certificate{DNSNames: covered}
	switch {
	case found.Status == types.CertificateStatusPendingValidation:
		return failure("add the record of aws acm describe-certificate --region us-east-1 --certificate-arn "+
			""+d.CertificateARN+
			": https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html",
			"the certificate of %s is not issued yet: it waits for its validation", d.Custom)
	case found.Status != types.CertificateStatusIssued:
		return failure(request, "the certificate of %s is not usable: it is %s", d.Custom, found.Status)
	case names.VerifyHostname(d.Custom) != nil:
		return failure(request, "the certificate does not cover %s, but %s", d.Custom, strings.Join(covered, ", "))
	case found.NotAfter != nil && found.NotAfter.Sub(s.Now) < expirySoon:
		return warning("https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-renewal.html",
			"the certificate of %s ends on %s, and was not renewed yet", d.Custom, found.NotAfter.Format(time.DateOnly))
	}
	return ok("the certificate in us-east-1 is issued and covers %s", d.Custom)
}
