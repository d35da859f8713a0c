package threats

import (
	"regexp"
	"strings"
)

// environments are the variables of each function. Others decide what runs, or hold what nobody may read: the runtime starts
// AWS_LAMBDA_EXEC_WRAPPER before the handler, and the SDK calls AWS_ENDPOINT_URL instead of AWS.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
var environments = map[string]string{
	"Api.CatalogFunction":           "PRODUCTS_TABLE WEB_ORIGIN",
	"Api.CustomersFunction":         "CUSTOMERS_TABLE REQUIRE_ACR STEP_UP_CLIENT_ID WEB_ORIGIN",
	"Api.LinksFunction":             "LINKS_TABLE PROOFS_TABLE REQUIRE_ACR SECOND_FACTORS STEP_UP_CLIENT_ID USER_POOL_ID WEB_ORIGIN",
	"Api.OrdersFunction":            "CURSOR_KEY_ARN ORDERS_TABLE PRODUCTS_TABLE REQUIRE_ACR STEP_UP_CLIENT_ID WEB_ORIGIN",
	"UserPool.RegistrationFunction": "CLIENTS_PARAMETER PROOFS_TABLE",
	"UserPool.TokensFunction":       "CLIENTS_PARAMETER PROOFS_TABLE SECOND_FACTORS",
	"UserPool.UnconfirmedFunction":  "PROOFS_TABLE USER_POOL_ID",
}

// assetName is what the CDK calls an archive that it uploads: by the hash of its content.
var assetName = regexp.MustCompile(`^[0-9a-f]{64}\.zip$`)

// runsOurs expects a function to run the archive that was synthesized with the stage, with nothing beside it.
func (in *inspection) runsOurs(f resource) {
	variables := f.at("Environment", "Variables")
	if listed := strings.Fields(environments[f.name()]); sorted(variables.keys()) != sorted(listed) {
		variables.fail("are %s, want %s", sorted(variables.keys()), sorted(listed))
	}
	f.at("Environment").holds("Variables")
	f.at("Handler").is("bootstrap")
	f.at("Code").holds("S3Bucket", "S3Key")
	from := f.at("Code", "S3Bucket")
	if pattern := from.at("Fn::Sub"); pattern.got != nil {
		from = pattern
	}
	from.is("cdk-" + in.Config.Delivery.Bootstrap() + "-assets-" + in.account() + "-" + in.Config.Region)
	if name, _ := f.at("Code", "S3Key").got.(string); !assetName.MatchString(name) {
		f.at("Code", "S3Key").fail("is %q, which is no asset of the CDK", name)
	}
}
