package test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/test/threats"
)

// outputs are the outputs for people and front ends, by stack.
var outputs = map[string][]string{
	"UserPool": {
		"AccountClientId", "FeaturePlan", "ManagedLoginUrl", "PasswordLength", "ProofsTable", "Region", "SecondFactors",
		"StepUpClientId",
		"UserPoolId",
	},
	"IdentityProviders": {
		"ProviderRedirectUrl", "Providers", "SamlCertificate", "SamlEntityId", "SamlLogoutUrl", "SamlResponseUrl",
		"WebClientId",
	},
	"Data": {
		"CustomersTable", "DocumentsBucket", "LinksTable", "MediaBucket", "OrdersTable", "ProductsTable",
		"SecurityEventsBucket", "UserExportsBucket",
	},
	"Api":          {"ApiUrl"},
	"IdentityPool": {"IdentityPoolId"},
	"Operations":   {"PrivacyRoleArn", "SecurityEventsFunction", "SupportRoleArn", "UndeliveredQueue"},
}

func TestEveryOutputForPeopleExistsAndIsDescribed(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		got := map[string][]string{}
		for _, stack := range in.Stacks {
			for _, name := range slices.Sorted(maps.Keys(stack.Template.Outputs)) {
				if output := stack.Template.Outputs[name]; output.Export.Name == "" {
					got[stack.ID] = append(got[stack.ID], name)
					if output.Description == "" {
						in.Fail(stack.ID, "has an output %s without a description", name)
					}
				}
			}
		}
		login := "https://" + in.Config.Domain.Custom
		if in.Config.Domain.Custom == "" {
			login = "https://" + in.Config.Domain.Prefix + ".auth." + in.Config.Region + ".amazoncognito.com"
		}
		if pool, _ := in.Stack("UserPool"); pool.Template.Outputs["ManagedLoginUrl"].Value != login {
			in.Fail(pool.ID, "has output ManagedLoginUrl %v, want %s", pool.Template.Outputs["ManagedLoginUrl"].Value, login)
		}
		expected := maps.Clone(outputs)
		if !supported(in) {
			expected["Operations"] = []string{"SecurityEventsFunction", "UndeliveredQueue"}
		}
		if in.Config.Replica != "" {
			expected["UserPool"] = append(slices.Clone(expected["UserPool"]), "UserPoolKeyArn")
		}
		saml, others := offered(in)
		unoffered := func(name string) bool {
			return strings.HasPrefix(name, "Saml") && !saml || name == "ProviderRedirectUrl" && !others
		}
		expected["IdentityProviders"] = slices.DeleteFunc(slices.Clone(expected["IdentityProviders"]), unoffered)
		if diff := cmp.Diff(expected, got); diff != "" {
			in.Fail(in.ID, "has other outputs (-want +got)\n%s", diff)
		}
	})
}

// offered reports whether a stage offers SAML providers, and others.
func offered(in *threats.Inspection) (saml, others bool) {
	for _, p := range in.Config.Providers {
		saml = saml || p.Kind == config.SAML
		others = others || p.Kind != config.SAML
	}
	return saml, others
}
