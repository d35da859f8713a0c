package test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// callers are the columns of README's table "Who may do what".
var callers = []string{"anonymous", "guest credentials", "customer token", "stepped-up token", "account token", "customer credentials"}

// TestWhoMayDoWhatIsWhatTheTemplatesSay compares the table with the templates of every stage, both ways: each cell is
// computed, a row that no template has is an error, and so is a route or a permission that no row has.
func TestWhoMayDoWhatIsWhatTheTemplatesSay(t *testing.T) {
	documented := map[string][]string{}
	for _, row := range documentedTable(t, append([]string{"action"}, callers...)...) {
		documented[strings.ReplaceAll(row[0], "`", "")] = row[1:]
	}
	eachStage(t, func(t *testing.T, s stageOf) {
		computed := map[string][]string{
			// The user pool is no resource of the API: lambda/tokens proves which token carries Cognito's own scope.
			"the user pool's own operations on oneself (factors, phone, password, deletion)": {"no", "no", "no", "no", "own", "no"},
			"anything else": {"no", "no", "no", "no", "no", "no"},
		}
		addRoutes(t, s, computed)
		addData(t, s, computed)
		if diff := cmp.Diff(computed, documented); diff != "" {
			t.Errorf("%s: README's \"Who may do what\" (-templates +README)\n%s", s.ID, diff)
		}
	})
}

// addRoutes computes the rows of the API: what each kind of caller carries, against what each method wants.
func addRoutes(t *testing.T, s stageOf, rows map[string][]string) {
	t.Helper()
	web := s.resource(t, "IdentityProviders", "WebClient").strings(t, "AllowedOAuthScopes")
	// What the token trigger adds for the StepUp client: every scope but the one that is for customers of providers, who have no
	// such token. lambda/tokens proves when.
	var steppedUp []string
	server := s.only(t, "AWS::Cognito::UserPoolResourceServer")
	for i := range server.get("Scopes").([]any) {
		if scope := server.text(t, "Identifier") + "/" + server.text(t, "Scopes", i, "ScopeName"); scope != offers {
			steppedUp = append(steppedUp, scope)
		}
	}
	for _, method := range s.all(t, "AWS::ApiGateway::Method") {
		r := method.route(t)
		if r.method == "OPTIONS" {
			continue
		}
		yes := "own" // a token says whose: the handlers know no other customer than claims.sub
		switch {
		case r.authorization == "AWS_IAM":
			yes = "yes"
		case r.scopes == offers:
			yes = "federated only" // which lambda/links asks the user pool
		}
		rows[r.method+" "+r.path] = cells(yes,
			r.authorization == "NONE",
			r.authorization == "AWS_IAM" && mayInvoke(t, s, "IdentitiesGuest", r),
			r.authorization == "COGNITO_USER_POOLS" && slices.Contains(web, r.scopes),
			r.authorization == "COGNITO_USER_POOLS" && slices.Contains(steppedUp, r.scopes),
			false, // An Account token carries no scope of the API.
			r.authorization == "AWS_IAM" && mayInvoke(t, s, "IdentitiesCustomer", r))
	}
}

func cells(yes string, allowed ...bool) []string {
	row := make([]string, 0, len(allowed))
	for _, is := range allowed {
		row = append(row, map[bool]string{true: yes, false: "no"}[is])
	}
	return row
}

func mayInvoke(t *testing.T, s stageOf, role string, r route) bool {
	t.Helper()
	return slices.Contains(s.resource(t, "IdentityPool", role).granted(t), "Allow execute-api:Invoke on arn:aws:execute-api:"+
		s.config.Region+":"+s.account()+":${Api.ShopRest}/v1/"+r.method+r.path)
}

// dataRows says which row a statement of an identity pool role is, and what its cell reads.
func dataRows() map[string][2]string {
	const own = "${aws:PrincipalTag/customer}"
	return map[string][2]string{
		"Allow s3:GetObject on ${Data.Media.Arn}/products/*":                  {"bucket Media, products/*", "read"},
		"Allow s3:GetObject on ${Data.Documents.Arn}/customers/" + own + "/*": {"bucket Documents, customers/<own sub>/*", "read"},
		"Allow dynamodb:GetItem,dynamodb:Query on ${Data.Orders.Arn},${Data.Orders.Arn}/index/byCreatedAt" +
			" if ForAllValues:StringEquals dynamodb:Attributes createdAt,currency,customerId,lines,orderId,status,totalMinor" +
			" and ForAllValues:StringEquals dynamodb:LeadingKeys " + own + " and Null dynamodb:Attributes false" +
			" and Null dynamodb:LeadingKeys false and StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES": {
			"table Orders and its index, own rows, listed attributes", "GetItem, Query",
		},
	}
}

// addData computes the rows of buckets and tables. Tokens are no AWS credentials, so their cells are "–".
func addData(t *testing.T, s stageOf, rows map[string][]string) {
	t.Helper()
	known := dataRows()
	for _, row := range slices.Collect(maps.Values(known)) {
		rows[row[0]] = []string{"no", "no", "–", "–", "–", "no"}
	}
	for role, column := range map[string]int{"IdentitiesGuest": 1, "IdentitiesCustomer": 5} {
		for _, statement := range s.resource(t, "IdentityPool", role).granted(t) {
			// Routes are rows of their own; keys are used through the data that they encrypt.
			if strings.HasPrefix(statement, "Allow execute-api:") || strings.HasPrefix(statement, "Allow kms:") {
				continue
			}
			row, ok := known[statement]
			if !ok {
				t.Errorf("%s: %s: README has no row for %s", s.ID, role, statement)
				continue
			}
			rows[row[0]][column] = row[1]
		}
	}
}
