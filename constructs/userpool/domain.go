package userpool

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
)

// managedLogin is the version of the sign-in pages: 2 is managed login, 1 the classic hosted UI.
const managedLogin = 2

// newDomain serves managed login at the stage's prefix or custom domain and returns its URL.
func newDomain(scope constructs.Construct, poolID string, domain config.Domain) string {
	props := &awscognito.CfnUserPoolDomainProps{
		UserPoolId: jsii.String(poolID), ManagedLoginVersion: jsii.Number(managedLogin),
	}
	var url string
	if domain.Custom == "" {
		props.Domain = jsii.String(domain.Prefix)
		url = fmt.Sprintf("https://%s.auth.%s.amazoncognito.com", domain.Prefix, *awscdk.Stack_Of(scope).Region())
	} else {
		props.Domain = jsii.String(domain.Custom)
		props.CustomDomainConfig = &awscognito.CfnUserPoolDomain_CustomDomainConfigTypeProperty{
			CertificateArn: jsii.String(domain.CertificateARN),
			// TLS 1.2 at least; the default policy still accepts TLS 1.0.
			SecurityPolicy: jsii.String("TLS_V1_2_2021"),
		}
		url = "https://" + domain.Custom
	}
	awscognito.NewCfnUserPoolDomain(scope, jsii.String("Domain"), props)
	return url
}
