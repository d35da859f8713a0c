package main

import "slices"

// A client is one of SecureCart's app clients, or another.
type client string

const (
	stepUp client = "StepUp"
	web    client = "Web"
	other  client = "other"
)

// The trigger sources that a row of the table names.
const (
	authentication = "TokenGeneration_Authentication"
	hostedAuth     = "TokenGeneration_HostedAuth"
	refreshTokens  = "TokenGeneration_RefreshTokens"
)

// A factor is the second factor that Cognito has asked for, if it has.
type factor string

const (
	none factor = "none"
	sms  factor = "sms"
	totp factor = "totp"
)

var (
	reads  = []string{"securecart/orders.read", "securecart/profile.read"}
	writes = []string{"securecart/orders.write", "securecart/profile.write", "securecart/payment.write"}
	admin  = []string{"aws.cognito.signin.user.admin"}
)

// A decision has a word for each scope that matters: it is added, kept if Cognito
// has put it there, or suppressed.
type decision struct {
	// outcome names the decision in the log.
	outcome    string
	adds       []string
	keeps      []string
	suppresses []string
}

var (
	elevated = decision{outcome: "elevated", adds: slices.Concat(reads, writes), keeps: admin}
	enrol    = decision{outcome: "enrol", keeps: admin, suppresses: slices.Concat(reads, writes)}
	browse   = decision{outcome: "browse", adds: reads, suppresses: slices.Concat(writes, admin)}
	stripped = decision{outcome: "stripped", suppresses: slices.Concat(reads, writes, admin)}
)

// A row is what to decide for some clients, sources and factors; nil means any.
type row struct {
	clients []client
	sources []string
	factors []factor
	decision
}

// table is the one in the package comment. The last row fits everything.
var table = []row{
	{[]client{stepUp}, []string{authentication}, []factor{totp, sms}, elevated},
	{[]client{stepUp}, []string{authentication}, []factor{none}, enrol},
	{[]client{stepUp}, nil, nil, stripped},
	{[]client{web}, []string{hostedAuth, refreshTokens, authentication}, nil, browse},
	{nil, nil, nil, stripped},
}

// decide returns the decision of the first row that fits.
func decide(c client, source string, f factor) decision {
	return table[slices.IndexFunc(table, func(r row) bool {
		return r.fits(c, source) && covers(r.factors, f)
	})].decision
}

// dependsOnFactor tells whether the factor has to be looked up in order to decide.
func dependsOnFactor(c client, source string) bool {
	return table[slices.IndexFunc(table, func(r row) bool { return r.fits(c, source) })].factors != nil
}

func (r row) fits(c client, source string) bool {
	return covers(r.clients, c) && covers(r.sources, source)
}

func covers[T comparable](named []T, value T) bool {
	return named == nil || slices.Contains(named, value)
}
