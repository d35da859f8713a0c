package threats

import (
	"regexp"
	"strings"
)

// environments are the variables of each function. Others could change what runs, or hold secrets: the runtime starts
// AWS_LAMBDA_EXEC_WRAPPER before the handler, and the SDK calls AWS_ENDPOINT_URL instead of AWS.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
var environments = map[string]string{
	"Api.CatalogFunction":   "PRODUCTS_TABLE WEB_ORIGIN",
	"Api.CustomersFunction": "CUSTOMERS_TABLE REQUIRE_ACR STEP_UP_CLIENT_ID WEB_ORIGIN",
	"Api.LinksFunction": "LINKS_TABLE PROOFS_TABLE REQUIRE_ACR SECOND_FACTORS STEP_UP_CLIENT_ID " +
		"USER_POOL_ID WEB_ORIGIN",
	"Api.OrdersFunction":            "CURSOR_KEY_ARN ORDERS_TABLE PRODUCTS_TABLE REQUIRE_ACR STEP_UP_CLIENT_ID WEB_ORIGIN",
	keeperFunction:                  "DEPLOY_ROLE EVENTS_BUCKET EXPECTED_ROLES SECURITY_TOPIC STAGE_ID UNDELIVERED_QUEUE",
	exportFunction:                  "EXPORTS_BUCKET PROOFS_TABLE USER_POOL_ID",
	"UserPool.RegistrationFunction": "CLIENTS_PARAMETER PROOFS_TABLE",
	"UserPool.TokensFunction":       "CLIENTS_PARAMETER PROOFS_TABLE SECOND_FACTORS",
	"UserPool.UnconfirmedFunction":  "PROOFS_TABLE USER_POOL_ID",
}

// valueOf are the values of variables that are the same for every function. A4, A8, U17, U41 and U48 check others.
var valueOf = map[string]string{
	"CURSOR_KEY_ARN": "${" + dataKey + ".Arn}", "CUSTOMERS_TABLE": "${Data.Customers}", "LINKS_TABLE": "${Data.Links}",
	"ORDERS_TABLE": "${Data.Orders}", "PRODUCTS_TABLE": "${Data.Products}", "PROOFS_TABLE": "${" + proofsTableName + "}",
}

// assetName is the CDK's name of an uploaded archive: the hash of its content.
var assetName = regexp.MustCompile(`^[0-9a-f]{64}\.zip$`)

// runsOurs expects a function to run the archive that was synthesized with the stage, with nothing beside it.
func (in *Inspection) runsOurs(f Resource) {
	variables := f.At("Environment", "Variables")
	if listed := strings.Fields(environments[f.Name()]); sorted(variables.Keys()) != sorted(listed) {
		variables.Fail("are %s, want %s", sorted(variables.Keys()), sorted(listed))
	}
	for _, variable := range variables.Keys() {
		if named := valueOf[variable]; named != "" {
			variables.At(variable).Reads(named)
		}
	}
	variables.At("CLIENTS_PARAMETER").Among(nil, in.Only(parameter).At("Name").Got)
	f.At("Environment").holds("Variables")
	f.At("Architectures").Lists("arm64") // what the archive is compiled for
	f.At("Handler").Is("bootstrap")
	f.At("Code").holds("S3Bucket", "S3Key")
	from := f.At("Code", "S3Bucket")
	if pattern := from.At("Fn::Sub"); pattern.Got != nil {
		from = pattern
	}
	from.Is("cdk-" + in.Config.Delivery.Bootstrap() + "-assets-" + in.Account() + "-" + in.Config.Region)
	if name, _ := f.At("Code", "S3Key").Got.(string); !assetName.MatchString(name) {
		f.At("Code", "S3Key").Fail("is %q, which is no asset of the CDK", name)
	}
}
