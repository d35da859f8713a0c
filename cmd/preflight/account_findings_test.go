package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

func TestAccount(t *testing.T) {
	parameter := func(value string) map[string][]answer {
		return map[string][]answer{"GetParameter": said(`{"Parameter":{"Value":"` + value + `"}}`)}
	}
	services := func(names ...string) map[string][]answer {
		for i, name := range names {
			names[i] = `"/aws/service/global-infrastructure/regions/eu-central-1/services/` + name + `"`
		}
		return map[string][]answer{"GetParameters": said(`{"Parameters":[],"InvalidParameters":[` + strings.Join(names, ",") +
			`]}`)}
	}
	testFindings(t, map[string]finding{
		"the root user": {
			changes: map[string][]answer{"GetCallerIdentity": said(caller(account, "arn:aws:iam::"+account+":root"))},
			check:   "credentials",
			want:    []string{"warning: the credentials are those of the root user of account 444455556666"},
			remedy:  "root-user",
		},
		"not bootstrapped": {
			changes: map[string][]answer{"GetParameter": refusal("GetParameter", "ParameterNotFound", "")},
			check:   "bootstrap",
			want: []string{
				"failure: 444455556666 in eu-central-1 is not bootstrapped for the CDK: " +
					"/cdk-bootstrap/scprod/version is missing",
			},
			remedy: "node_modules/.bin/cdk bootstrap aws://444455556666/eu-central-1 " +
				"with the arguments that the output Bootstrap of the stack SecureCart-Delivery-Prod gives",
		},
		"bootstrapped long ago": {
			changes: parameter("5"),
			check:   "bootstrap",
			want:    []string{"failure: the bootstrap stack has version 5, and the templates need 6"},
			remedy:  "cdk bootstrap",
		},
		"just enough": {
			changes: parameter("6"),
			check:   "bootstrap",
			want:    []string{"ok: version 6, and the templates need 6"},
		},
		"by somebody else": {
			stage:   func(s *config.Stage) { s.Delivery = config.Delivery{} },
			changes: parameter("x"),
			check:   "bootstrap",
			want:    []string{`warning: /cdk-bootstrap/hnb659fds/version holds "x", which is no version`},
			remedy:  "cdk bootstrap",
		},
		"a service is missing": {
			changes: services("apigateway"),
			check:   "region",
			want:    []string{"warning: AWS does not list apigateway in eu-central-1"},
			remedy:  "regional-product-services",
		},
		"no such Region": {
			changes: services("cognito-idp", "cognito-identity", "apigateway", "lambda", "dynamodb", "kms", "s3", "sns"),
			check:   "region",
			want: []string{
				`failure: AWS lists no service in "eu-central-1": there is no such Region, or none for these credentials`,
			},
		},
	})
}

func TestSecrets(t *testing.T) {
	one := func(s *config.Stage) { s.Providers = s.Providers[:1] }
	version := func(id string) func(*config.Stage) {
		return func(s *config.Stage) {
			first := s.Providers[0]
			first.SecretVersion = id
			s.Providers = []config.Provider{first, {Kind: config.SAML, Name: "Partner"}}
		}
	}
	testFindings(t, map[string]finding{
		"missing": {
			stage:   one,
			changes: map[string][]answer{"DescribeSecret": refusal("DescribeSecret", "ResourceNotFoundException", "")},
			check:   "secrets", want: []string{"failure: securecart/prod/google, the client secret of Google, does not exist"},
			remedy: "aws secretsmanager create-secret --name securecart/prod/google",
		},
		"a missing private key": {
			stage: func(s *config.Stage) {
				s.Providers = []config.Provider{{
					Kind: config.Apple, SecretName: "securecart/prod/apple", Apple: config.AppleSettings{KeyID: "KEY1234567"},
				}}
			},
			changes: map[string][]answer{"DescribeSecret": refusal("DescribeSecret", "ResourceNotFoundException", "")},
			check:   "secrets",
			want: []string{
				"failure: securecart/prod/apple, the private key of SignInWithApple, does not exist",
			},
			remedy: "grep -v PRIVATE AuthKey_KEY1234567.p8",
		},
		"about to be deleted": {
			stage: one,
			changes: map[string][]answer{"DescribeSecret": said(`{"Name":"x","DeletedDate":1.7965E9,` +
				`"VersionIdsToStages":{"a":["AWSCURRENT"]}}`)},
			check: "secrets",
			want: []string{
				"failure: securecart/prod/google, the client secret of Google, is going to be deleted, and cannot be read " +
					"until it is restored",
			},
			remedy: "restore-secret --secret-id securecart/prod/google",
		},
		"without a value": {
			stage: one, changes: map[string][]answer{"DescribeSecret": said(`{"Name":"x"}`)},
			check:  "secrets",
			want:   []string{"failure: securecart/prod/google, the client secret of Google, has no value yet"},
			remedy: "put-secret-value",
		},
		"with an old value only": {
			stage:   one,
			changes: map[string][]answer{"DescribeSecret": said(`{"Name":"x","VersionIdsToStages":{"a":["AWSPREVIOUS"]}}`)},
			check:   "secrets", want: []string{"failure: securecart/prod/google, the client secret of Google, has no value yet"},
		},
		"with the version of the config": {
			stage: version("22222222-2222-4222-8222-222222222222"), check: "secrets",
			want: []string{
				"ok: securecart/prod/google, the client secret of Google, has version 22222222-2222-4222-8222-222222222222",
			},
		},
		"without the version of the config": {
			stage: version("33333333-3333-4333-8333-333333333333"), check: "secrets",
			want: []string{
				"failure: securecart/prod/google, the client secret of Google, has no version 33333333-3333-4333-8333-333333333333",
			},
			remedy: "list-secret-version-ids --secret-id securecart/prod/google",
		},
	})
}
