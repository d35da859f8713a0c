package threats

import (
	"slices"

	"github.com/securecart/identity/assembly"
)

// handlerGrants are exactly what the functions behind the API, and API Gateway's logging, may do. What the token trigger may do
// is threat U29's.
func (in *inspection) handlerGrants() map[string][]string {
	const key = " on ${Data.DataKey.Arn} if StringEquals kms:"
	through := "ViaService dynamodb." + in.Config.Region + ".amazonaws.com"
	reads := "Allow kms:Decrypt" + key + through
	writes := "Allow kms:Encrypt,kms:GenerateDataKey,kms:ReEncryptFrom,kms:ReEncryptTo" + key + through
	logs := func(group string) string {
		return "Allow logs:CreateLogStream,logs:PutLogEvents on ${Api." + group + ".Arn}"
	}
	grants := map[string][]string{
		"Api.CatalogRole": {logs("CatalogLog"), traces, reads, "Allow dynamodb:Query on ${Data.Products.Arn}/index/forSale"},
		"Api.CustomersRole": {
			logs("CustomersLog"), traces, reads, writes,
			"Allow cognito-idp:AdminGetUser on " + in.only(userPool).ref("Arn"),
			"Allow dynamodb:UpdateItem on ${Data.Customers.Arn}",
		},
		"Api.OrdersRole": {
			logs("OrdersLog"), traces, reads, writes,
			"Allow dynamodb:Query on ${Data.Orders.Arn}/index/byCreatedAt",
			"Allow dynamodb:GetItem on ${Data.Orders.Arn}",
			"Allow dynamodb:PutItem on ${Data.Orders.Arn}",
			"Allow dynamodb:BatchGetItem on ${Data.Products.Arn}",
			"Allow kms:Decrypt,kms:Encrypt" + key + "EncryptionContext:purpose orders-cursor",
		},
	}
	if len(in.any(apiAccount)) > 0 { // otherwise another stage of the account has the role
		grants[loggingRole] = []string{
			"Allow logs:CreateLogGroup,logs:CreateLogStream,logs:DescribeLogGroups,logs:DescribeLogStreams,logs:FilterLogEvents," +
				"logs:GetLogEvents,logs:PutLogEvents on " + in.arn("logs", "log-group:*"),
		}
	}
	return grants
}

// rolesAreUsed expects every role but those that the identity pool, Cognito and API Gateway take to be that of one function: a
// role for nobody could still be given to somebody.
func (in *inspection) rolesAreUsed() {
	holders := map[string]int{}
	for _, f := range in.every(function) {
		holders[f.at("Role").text()]++
	}
	for _, r := range in.everyRole() {
		taken := slices.Contains([]string{guestRole, customerRole, smsRole, loggingRole}, r.name())
		if n := holders[r.ref("Arn")]; n != 1 && !taken {
			r.fail("is the role of %d functions, want one", n)
		}
	}
}

var (
	// handlerStatements are the statements of the functions behind the API.
	handlerStatements = inStack("Api", iamPolicy).at("PolicyDocument", "Statement")

	// overgranted has handlers do more than they need, by statements that name their actions and resources like all others.
	overgranted = joined(
		one(iamRole, "Api.CatalogRole").allowing("arn:aws:dynamodb:eu-central-1:111122223333:table/orders", "dynamodb:GetItem", "dynamodb:UpdateItem"),
		one(iamRole, "Api.OrdersRole").allowing("arn:aws:s3:::securecart-documents/one", "s3:GetObject"),
		one(iamRole, loggingRole).allowing("arn:aws:logs:eu-central-1:111122223333:log-group:one", "logs:PutSubscriptionFilter"),
		handlerStatements.at(all, "Action").gains("dynamodb:UpdateItem", "kms:ReEncryptTo", "logs:GetLogEvents"),
		handlerStatements.at(set("Condition"), "Condition").becomes(gone, map[string]any{"StringEquals": map[string]any{}}),
		handlerStatements.at(set("Condition"), "Condition", "StringEquals", all).becomes("s3.eu-central-1.amazonaws.com"),
		handlerStatements.at(bounded, "Resource").becomes("arn:aws:dynamodb:eu-central-1:999999999999:table/theirs"),
		each(iamRole).repeated(" for nobody", nil),
		each(function).repeated(" with a role from elsewhere", func(r *assembly.Resource) {
			delete(r.Properties, "Environment")
			r.Properties["Role"] = "arn:aws:iam::111122223333:role/admin"
		}),
		each(iamPolicy).at("PolicyDocument", "Version").becomes(gone, "2008-10-17"),
		each(iamPolicy).at("PolicyDocument", "Id").becomes("Another"),
	)
)
