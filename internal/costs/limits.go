package costs

import (
	"cmp"
	"slices"

	"github.com/securecart/identity/config"
)

// Limit is a number of requests a second that a stage or AWS takes, and what shoppers want of it.
type Limit struct {
	// What is limited, such as "sign-ins (UserAuthentication)".
	What string
	// PerSecond is how much is taken.
	PerSecond float64
	// Wanted is what one person who shops at the moment wants of it in a second.
	Wanted float64
	// Own says that the stage's config sets the limit. It is AWS's default quota otherwise.
	Own bool
	// Way is the way past it.
	Way string
	// Source is the field of the config, or AWS's page about the quota.
	Source string
}

// Shoppers is how many people may shop at the same time before the limit refuses requests.
func (l Limit) Shoppers() float64 { return l.PerSecond / l.Wanted }

// second is what one person who shops at the moment does in a second.
type second struct {
	products, reads, buys, signIns, signUps float64
}

func secondOf() second {
	signIns := 1 / secondsPerSignIn.Value
	return second{
		products: 1 / secondsPerPage.Value,
		reads:    1 / secondsPerOwnPage.Value,
		buys:     1 / secondsPerPurchase.Value,
		signIns:  signIns,
		signUps:  signIns * newcomers.Value,
	}
}

// requests to the API that reach a function.
func (s second) requests() float64 { return s.products + s.reads + s.buys }

// all sign-ins: a purchase is one, too.
func (s second) all() float64 { return s.signIns + s.buys }

// Limits returns what limits how many people shop at once in a stage, the lowest first.
func Limits(stage config.Stage) []Limit {
	limits := append(own(stage), quotas(stage)...)
	slices.SortStableFunc(limits, func(a, b Limit) int { return cmp.Compare(a.Shoppers(), b.Shoppers()) })
	return limits
}

// own are the limits that the config sets. They protect what is behind them, and come before AWS's quotas.
func own(stage config.Stage) []Limit {
	s := secondOf()
	raise := "raise it, after the quotas below"
	return []Limit{
		{
			"`GET /products`", float64(stage.API.Guests.Rate), s.products, true,
			raise, "API.Guests",
		},
		{
			// The busiest of the other methods: half of these reads are of orders.
			"`GET /orders`", float64(stage.API.RateLimit), s.reads / 2, true,
			raise, "API.RateLimit",
		},
		{
			"preflights of `/products`", float64(stage.API.Preflights.Rate), s.products * preflights.Value, true,
			raise, "API.Preflights",
		},
		{
			"read units of table Products", float64(stage.Tables.MaxReads), s.products * productReads.Value, true,
			raise, "Tables.MaxReads",
		},
		{
			"write units of table Orders", float64(stage.Tables.MaxWrites), s.buys * purchaseWrites.Value, true,
			raise, "Tables.MaxWrites",
		},
	}
}

const (
	cognitoQuotas = "https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html"
	ask           = "ask for more; Cognito charges for what is above the default"
	pools         = "fixed by AWS: another account or Region, with a pool of its own"
)

// quotas are AWS's defaults for an account in Frankfurt. Those of all stages in it are the same ones.
func quotas(stage config.Stage) []Limit {
	s := secondOf()
	limits := []Limit{
		{
			"sign-ins and refreshes (UserAuthentication)", 120, s.all() + s.signIns*refreshes.Value, false,
			ask, cognitoQuotas,
		},
		{
			// RespondToAuthChallenge: the password, and the factor.
			"answers to challenges", 3 * 120, 2 * s.all(), false,
			ask, cognitoQuotas,
		},
		{
			// Once as a guest and once as a customer. AWS's page, as a report quotes it.
			"identities of guests and customers (GetId)", 25, 2 * s.signIns, false,
			"ask for more, and keep a guest's identity in the browser", "https://zenn.dev/mn87/articles/af0e54d11cb0fe",
		},
		{
			"AdminGetUser of the token trigger (UserRead)", 120, s.buys, false,
			ask, cognitoQuotas,
		},
		{
			"sign-ups and their codes (UserCreation)", 50, 2 * s.signUps, false,
			ask, cognitoQuotas,
		},
		{
			"new authenticators (UserResourceUpdate)", 25, 3 * s.signUps, false,
			pools, cognitoQuotas,
		},
		{
			"requests to all APIs", 10_000, s.requests() * (1 + preflights.Value), false,
			"ask for more, or keep answers of `GET /products` in a CDN", "https://docs.aws.amazon.com/apigateway/latest/" +
				"developerguide/limits.html",
		},
		{
			"functions that run at once", 1000, (s.requests() + s.all()) * runSeconds.Value, false,
			"ask for more; each function starts 1,000 more every 10 s",
			"https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
		},
		{
			"read units of one table", 40_000, s.products * productReads.Value, false,
			"ask for more, or keep products in a cache", "https://docs.aws.amazon.com/amazondynamodb/latest/" +
				"developerguide/ServiceQuotas.html",
		},
		{
			"requests that a web ACL judges", 100_000, s.requests()*(1+preflights.Value) + s.all()*userPoolCalls.Value, false,
			"ask for more", "https://docs.aws.amazon.com/waf/latest/developerguide/limits.html",
		},
	}
	if len(stage.Providers) > 0 {
		limits = append(limits, Limit{
			"sign-ins with providers (UserFederation)", 25, s.signIns * withProvider.Value, false,
			ask, cognitoQuotas,
		})
	}
	return append(limits, mail(stage, s))
}

// mail is how many mails a second may be sent: one for each new account.
func mail(stage config.Stage, s second) Limit {
	if stage.Email.SES() {
		return Limit{
			"mails by SES", 14, s.signUps * resent.Value, false,
			"ask for more; 14 is what AWS usually grants with the way out of the sandbox",
			"https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html",
		}
	}
	const perDay = 50.0
	return Limit{
		"mails by Cognito's own sender (50 a day)", perDay / (24 * 3600), s.signUps * resent.Value, false,
		"set `Email`: SES sends them then", cognitoQuotas,
	}
}
