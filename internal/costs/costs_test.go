package costs

import (
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

// small is a stage of which every sum can be done by hand.
func small() Stage {
	metric := map[string]any{"MetricStat": map[string]any{}}
	return Stage{
		Config: config.Stage{
			Users:     config.Users{Plan: config.Plus},
			Email:     config.Email{From: "a@shop.example", IdentityARN: "arn"},
			Providers: []config.Provider{{Kind: config.OIDC, SecretName: "one"}, {Kind: config.SAML}},
			Logs:      config.Logs{RetentionDays: 304},
		},
		Synthesized: assembly.Synthesized{Stacks: []assembly.Stack{{Template: assembly.Template{
			Resources: map[string]assembly.Resource{
				"Key":   {Type: "AWS::KMS::Key"},
				"Role":  {Type: "AWS::IAM::Role"},
				"Table": {Type: "AWS::DynamoDB::Table"},
				"Get":   {Type: "AWS::ApiGateway::Method"},
				"Small": {Type: "AWS::Lambda::Function", Properties: map[string]any{"MemorySize": 128.0}},
				"Large": {Type: "AWS::Lambda::Function", Properties: map[string]any{"MemorySize": 384.0}},
				"ACL":   {Type: "AWS::WAFv2::WebACL", Properties: map[string]any{"Rules": []any{nil, nil, nil}}},
				"One":   {Type: "AWS::CloudWatch::Alarm"},
				"Two": {Type: "AWS::CloudWatch::Alarm", Properties: map[string]any{
					"Metrics": []any{metric, metric, map[string]any{"Expression": "a / b"}},
				}},
			},
		}}}},
	}
}

func TestRestByHand(t *testing.T) {
	bill, err := small().Rest()
	if err != nil {
		t.Fatal(err)
	}
	// A key 1.00, a secret 0.40, a web ACL 5.00 with three rules 3.00, three metrics of two alarms 0.30.
	same(t, "at rest", bill.USD(), 9.70)
	// Ten metrics are free.
	same(t, "at least", bill.Least(), 9.40)
}

func TestUsageByHand(t *testing.T) {
	// 1,000 users: 10 visits of 10 pages, 6 pages of their own, 1.5 purchases, 0.3 changes each.
	const requests = 100_000 + 6_000 + 1_500 + 300
	// Step-ups: 1,500 + 300 + 100. Sign-ins: 4 visits and as many refreshes, and these.
	const signIns = 8_000 + 1_900
	// One run for each request and sign-in, two for each of 100 new accounts.
	const runs = requests + signIns + 200
	const calls = requests * 1.15
	want := map[*Price]float64{
		plusMAU:      800,
		federatedMAU: 200,
		// (0.1 new + 0.1 forgotten + 0.1 account) × 1.2.
		email:      360,
		apiCall:    calls,
		webACLCall: calls + 4*signIns,
		lambdaRun:  runs,
		// 50 ms at 256 MB, the average of the two.
		lambdaTime: runs * 0.05 * 0.25,
		tableRead:  100_000*3 + 6_000*3 + 1_500*4 + 1_900,
		tableWrite: 1_500*4 + 300,
		// 24 months of 1,500 orders of 1,500 bytes, and 1,000 bytes of each user.
		tableStorage:  0.055,
		tableRecovery: 0.055,
		// 730 hours of 12, for one table.
		keyCall:    8_760,
		bucketRead: 400_000,
		// 400,000 lines of 500 bytes, kept for ten months.
		bucketStorage: 2,
		transfer:      (requests*4000 + 400_000*30_000) / 1e9,
		customMetric:  5,
		trace:         runs,
		logs:          (calls*2500 + runs*900 + signIns*4*1800) / 1e9,
		logStorage:    (calls*2500 + runs*900 + signIns*4*1800) / 1e9 * 0.15 * 10,
	}
	for _, line := range small().Usage(1000) {
		same(t, line.Price.What, line.Quantity, want[line.Price])
		delete(want, line.Price)
	}
	for price := range want {
		t.Errorf("%s is not on the bill", price.What)
	}
}

func TestMoreThanOneRequestASecondIsTracedInPart(t *testing.T) {
	m := monthOf(100_000)
	for _, line := range small().Usage(100_000) {
		if line.Price == trace {
			same(t, "traces", line.Quantity, 2_628_000+(m.runs()-2_628_000)*0.05)
		}
	}
}

func TestAPriceThatWasNotFoundIsInNoSum(t *testing.T) {
	stage := small()
	stage.Config.Users.SecondFactors = []config.SecondFactor{config.SMS}
	with, without := stage.Usage(1000), small().Usage(1000)
	same(t, "sum", with.USD(), without.USD())
	if !with.Unknown() || without.Unknown() {
		t.Error("nobody would see that SMS cost more")
	}
}

func TestLimitsByHand(t *testing.T) {
	stage := small().Config
	stage.API = config.API{RateLimit: 50, Guests: config.Throttle{Rate: 30}, Preflights: config.Throttle{Rate: 3}}
	stage.Tables = config.Tables{MaxReads: 600, MaxWrites: 100}
	want := map[string]float64{
		// One page in 10 s each.
		"`GET /products`":              300,
		"read units of table Products": 2000,
		// 0.15 preflights for each page.
		"preflights of `/products`": 200,
		// One read in 120 s, half of them orders.
		"`GET /orders`": 12_000,
		// One purchase in 600 s, four units each.
		"write units of table Orders": 15_000,
		// One sign-in and one refresh in 900 s, and a step-up in 600 s: 7/1800.
		"sign-ins and refreshes (UserAuthentication)": 120 * 1800.0 / 7,
		// Two in 900 s.
		"identities of guests and customers (GetId)": 11_250,
		// Three in ten sign-ins in 900 s.
		"sign-ins with providers (UserFederation)": 75_000,
		// 1.2 mails for one sign-in of ten in 900 s.
		"mails by SES": 105_000,
	}
	found := 0
	for _, limit := range Limits(stage) {
		if number, asked := want[limit.What]; asked {
			found++
			same(t, limit.What, limit.Shoppers(), number)
		}
	}
	if found != len(want) {
		t.Errorf("%d limits of %d are there", found, len(want))
	}
}

// TestEveryNumberIsOnThePage: a price or an assumption that is used and not listed could not be judged by anybody.
func TestEveryNumberIsOnThePage(t *testing.T) {
	for file, listed := range map[string]int{"prices.go": len(Prices), "assumptions.go": len(Assumptions)} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		made := strings.Count(string(text), " = &Price{") + strings.Count(string(text), " = Assumption{")
		if made != listed || made == 0 {
			t.Errorf("%s has %d of them, and lists %d", file, made, listed)
		}
	}
	date := regexp.MustCompile(`^20\d\d-\d\d-\d\d$`)
	for _, p := range Prices {
		known := p.USD > 0 != p.Unknown
		if !known || p.Per < 1 || p.Unit == "" || p.Region == "" || !date.MatchString(p.AsOf) ||
			!strings.HasPrefix(p.Source, "https://") {
			t.Errorf("%s lacks a part of what makes a price: %+v", p.What, *p)
		}
	}
	for typ, kind := range types {
		if kind.Why == "" || !strings.HasPrefix(kind.Source, "https://") {
			t.Errorf("%s has no reason or no source", typ)
		}
	}
}

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
		t.Errorf("%s: got %g, want %g", what, got, want)
	}
}
