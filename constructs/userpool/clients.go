package userpool

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/lambda/contract"
)

// ClientsProps configures the parameter that tells the triggers the ids of the clients.
type ClientsProps struct {
	// Parameter is the parameter's name, which the triggers read. Required.
	Parameter string
	// StepUp, Account and Web are the ids of the clients. Required.
	StepUp, Account, Web string
}

// NewClients adds the parameter with which the triggers tell the clients apart. Until it exists, nobody can sign up or
// sign in. It panics if props are invalid.
func NewClients(scope constructs.Construct, id string, props ClientsProps) {
	check.Props(scope, id,
		parameterName(props.Parameter, "Parameter"),
		check.Given(props.StepUp != "", "StepUp"),
		check.Given(props.Account != "", "Account"),
		check.Given(props.Web != "", "Web"),
	)
	awsssm.NewCfnParameter(scope, jsii.String(id), &awsssm.CfnParameterProps{
		Name:        jsii.String(props.Parameter),
		Type:        jsii.String("String"),
		Description: jsii.String("The app clients that lambda/tokens and lambda/registration tell apart"),
		Value: jsii.Sprintf(`{"%s":"%s","%s":"%s","%s":"%s"}`, contract.AccountClient, props.Account,
			contract.StepUpClient, props.StepUp, contract.WebClient, props.Web),
	})
}

// parameterName requires the form in which a parameter's ARN ends in its name.
func parameterName(name, prop string) check.Broken {
	return check.Require(strings.HasPrefix(name, "/"), prop, "must begin with a slash, got %q", name)
}
