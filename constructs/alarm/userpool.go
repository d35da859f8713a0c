package alarm

import (
	"fmt"
	"strings"

	"github.com/securecart/identity/config"
)

// UserPool is a user pool that is watched.
type UserPool struct {
	// ID is the pool's id. Required.
	ID string
	// Clients are all app clients of the pool. Required.
	Clients []Client
	// Providers are the names of the identity providers, all offered at the first client. None if empty.
	Providers []string
	// ThreatProtection says whether threat protection is on. Without it, Cognito publishes no metrics of risks.
	ThreatProtection bool
}

// Client is an app client whose sign-ins are watched.
type Client struct {
	// Name begins the names of its alarms, such as "Web". ID is the client's own. Both are required.
	Name, ID string
	// SigningIn and Buying say what customers cannot do while nobody can sign in at the client.
	SigningIn, Buying bool
}

// categories are the kinds of requests for which Cognito counts throttles by client.
var categories = []struct{ name, says string }{
	{"SignIn", "sign-ins"}, {"SignUp", "sign-ups"}, {"TokenRefresh", "refreshed tokens"},
}

// alarms returns the alarms of the pool. Cognito publishes each metric every five minutes, for each client. A failed
// request counts as 0, a successful one as 1: SampleCount is the number of requests, Sum that of the successful ones.
// https://docs.aws.amazon.com/cognito/latest/developerguide/metrics-for-cognito-user-pools.html
func (u UserPool) alarms(t config.Thresholds) []definition {
	var alarms []definition
	for _, c := range u.Clients {
		alarms = append(alarms, u.signIns(c, t)...)
	}
	for _, category := range categories {
		throttles := definition{
			id: category.name + "Throttles", says: "The user pool refuses " + category.says + " for its quota",
			runbook: config.QuotaThrottled, period: 300, of: 1, need: 1, threshold: t.PoolThrottles, missing: nothingHappened,
		}
		var sum []string
		for _, c := range u.Clients {
			id := strings.ToLower(c.Name)
			throttles.metrics = append(throttles.metrics, u.metric(id, category.name+"Throttles", c, "Sum"))
			sum = append(sum, "FILL("+id+", 0)")
		}
		throttles.expression = strings.Join(sum, " + ")
		if category.name == "SignIn" {
			throttles.stops = signingIn | buying
		}
		alarms = append(alarms, throttles)
	}
	for _, provider := range u.Providers {
		alarms = append(alarms, u.federation(provider, t))
	}
	alarms = append(alarms, definition{
		id: "SignUps", says: "Far more sign-ups than usual", runbook: config.BotSignUps,
		metrics: []metric{u.metric("signups", "SignUpSuccesses", u.Clients[0], "SampleCount")},
		period:  300, of: 2, need: 2, threshold: t.SignUps, missing: nothingHappened,
	})
	if u.ThreatProtection {
		alarms = append(alarms,
			u.risk("RiskySignIns", "Sign-ins look like taken-over accounts", "AccountTakeoverRisk", t.RiskySignIns),
			u.risk("LeakedPasswords", "Sign-ins use leaked passwords", "CompromisedCredentialRisk", t.LeakedPasswords))
	}
	return alarms
}

// federation returns the alarm of the sign-ins with one provider. Cognito counts them like other sign-ins.
func (u UserPool) federation(provider string, t config.Thresholds) definition {
	return definition{
		id: provider + "Failures", says: "Many sign-ins with " + provider + " fail, in percent",
		runbook: config.ProviderFailing, metrics: u.federated(provider),
		expression: enough("attempts", t.SignIns, "100 * (attempts - successes) / attempts"),
		period:     300, of: 3, need: 2, threshold: t.FederationFailuresPercent, missing: nothingHappened,
	}
}

// federated returns two metrics: how many sign-ins with a provider were tried, and how many succeeded.
func (u UserPool) federated(provider string) []metric {
	metrics := []metric{
		u.metric("attempts", "FederationSuccesses", u.Clients[0], "SampleCount"),
		u.metric("successes", "FederationSuccesses", u.Clients[0], "Sum"),
	}
	for i := range metrics {
		metrics[i].dimensions = append(metrics[i].dimensions, [2]string{"IdentityProvider", provider})
	}
	return metrics
}

// risk returns the alarm of sign-ins that threat protection rates as a high risk.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-viewing-threat-protection-metrics.html
func (u UserPool) risk(id, says, name string, threshold config.Threshold) definition {
	return definition{
		id: id, says: says, runbook: config.CredentialStuffing,
		metrics: []metric{{
			"found", "AWS/Cognito", name,
			[][2]string{{"Operation", "SignIn"}, {"RiskLevel", "high"}, {"UserPoolId", u.ID}}, "Sum",
		}},
		period: 300, of: 1, need: 1, threshold: threshold, missing: nothingHappened,
	}
}

// signIns returns the alarms of one client's sign-ins: none succeeds, and most fail.
func (u UserPool) signIns(c Client, t config.Thresholds) []definition {
	metrics := []metric{
		u.metric("attempts", "SignInSuccesses", c, "SampleCount"), u.metric("successes", "SignInSuccesses", c, "Sum"),
	}
	nobody := definition{
		id: c.Name + "NobodySignsIn", says: "Sign-ins at the client " + c.Name + " fail, and none succeeds",
		runbook: config.CannotSignIn, metrics: metrics, expression: "IF(successes == 0, attempts, 0)",
		period: 300, of: 2, need: 1, threshold: t.SignIns, missing: nothingHappened,
	}
	if c.SigningIn {
		nobody.stops |= signingIn
	}
	if c.Buying {
		nobody.stops |= buying
	}
	return []definition{nobody, {
		id: c.Name + "SignInFailures", says: "Most sign-ins at the client " + c.Name + " fail, in percent",
		runbook: config.CredentialStuffing, metrics: metrics,
		expression: enough("attempts", t.SignIns, "100 * (attempts - successes) / attempts"),
		period:     300, of: 3, need: 2, threshold: t.SignInFailuresPercent, missing: nothingHappened,
	}}
}

func (u UserPool) metric(id, name string, c Client, statistic string) metric {
	return metric{id, "AWS/Cognito", name, [][2]string{{"UserPool", u.ID}, {"UserPoolClient", c.ID}}, statistic}
}

// enough returns an expression that is 0 where the count is below the threshold: one of a few would be a large share.
func enough(of string, least config.Threshold, expression string) string {
	return fmt.Sprintf("IF(%s >= %v, %s, 0)", of, least.Value, expression)
}
