package main

import (
	"slices"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/appclient"
	"github.com/securecart/identity/lambda/internal/tokenevent"
	"github.com/securecart/identity/lambda/mfa"
)

// The trigger sources that a row of the table names.
const (
	authentication = tokenevent.Authentication
	hostedAuth     = tokenevent.HostedAuth
	refreshTokens  = tokenevent.RefreshTokens
)

// A finding is whether something holds.
type finding string

const (
	yes finding = "yes"
	no  finding = "no"
)

func found(holds bool) finding {
	if holds {
		return yes
	}
	return no
}

// A write is what a decision changes in the table Proofs.
type write string

const (
	nothing write = "-"
	seal    write = "seal"
	suspend write = "suspend"
)

// Facts are all findings about a sign-in that a decision depends on.
type facts struct {
	client  appclient.Client
	source  string
	factor  mfa.Factor // that Cognito has asked for
	trusted finding
	proven  finding
}

var (
	reads    = contract.ReadScopes()
	offer    = []string{contract.LinksOffer}
	highRisk = contract.HighRiskScopes()
	ours     = slices.Concat(reads, offer, highRisk)
	admin    = []string{contract.Admin}
)

// A decision adds, keeps or suppresses each scope that matters. Kept scopes are those that Cognito has put into the
// token.
type decision struct {
	// outcome names the decision in the log.
	outcome    string
	adds       []string
	keeps      []string
	suppresses []string
	writes     write
}

// A row is the decision for some cases; nil means any.
type row struct {
	clients []appclient.Client
	sources []string
	factors []mfa.Factor
	trusted []finding
	proven  []finding
	decision
}

var (
	askedFor   = []mfa.Factor{mfa.TOTP, mfa.SMS}
	webSources = []string{hostedAuth, refreshTokens, authentication}
)

// table is the one in the package comment. The last row fits everything.
var table = []row{
	{[]appclient.Client{appclient.StepUp}, []string{authentication}, askedFor, []finding{yes}, nil,
		decision{"elevated", slices.Concat(reads, highRisk), nil, slices.Concat(offer, admin), nothing}},
	{[]appclient.Client{appclient.StepUp}, []string{authentication}, askedFor, []finding{no}, []finding{yes},
		decision{"elevated", slices.Concat(reads, highRisk), nil, slices.Concat(offer, admin), seal}},
	{[]appclient.Client{appclient.Account}, []string{authentication}, nil, nil, []finding{yes},
		decision{"settings", nil, admin, ours, suspend}},
	{[]appclient.Client{appclient.Web}, webSources, nil, nil, nil,
		decision{"browse", slices.Concat(reads, offer), nil, slices.Concat(highRisk, admin), nothing}},
	{nil, nil, nil, nil, nil,
		decision{"stripped", nil, nil, slices.Concat(ours, admin), nothing}},
}

// decide returns the decision of the first row that fits.
func decide(known facts) decision {
	return table[slices.IndexFunc(table, func(r row) bool {
		return r.fits(known) && covers(r.factors, known.factor) && r.fitsProofs(known)
	})].decision
}

// dependsOnFactor reports whether the factor must be looked up, once client and source are known.
func dependsOnFactor(known facts) bool {
	return slices.ContainsFunc(table, func(r row) bool { return r.fits(known) && r.factors != nil })
}

// dependsOnProofs reports whether trust and proof must be looked up, once client, source and factor are known.
func dependsOnProofs(known facts) bool {
	return slices.ContainsFunc(table, func(r row) bool {
		return r.fits(known) && covers(r.factors, known.factor) && (r.trusted != nil || r.proven != nil)
	})
}

func (r row) fits(known facts) bool {
	return covers(r.clients, known.client) && covers(r.sources, known.source)
}

func (r row) fitsProofs(known facts) bool {
	return covers(r.trusted, known.trusted) && covers(r.proven, known.proven)
}

func covers[T comparable](named []T, value T) bool {
	return named == nil || slices.Contains(named, value)
}
