package main

import (
	"context"
	"time"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/problem"
	"github.com/securecart/identity/lambda/internal/table"
)

const (
	// holdsFor is how long an attempt that never ends, because its process did, holds off others. It is more than twice
	// what package gateway allows a request, so that an attempt that is held off no more cannot delete anything any more.
	holdsFor = 20 * time.Second
	// claimLasts is how long an identity is kept for an account that has begun to connect it and never did.
	claimLasts = 15 * time.Minute
	// releaseWithin is how long the clean-up after a failure may take. The request's own time may be over.
	releaseWithin = time.Second
)

// claim writes the record that this identity is the account's, and holds off other attempts at it. Without that, one
// attempt could read a profile, a second delete and link it, and the first then delete what the profile's user name
// leads to now.
//
// The record of another account stands unless that account is gone or has, in claimLasts, not connected the identity.
func (a attempt) claim(ctx context.Context) error {
	stored, err := a.links.get(ctx, a.recordID())
	if err != nil {
		return err
	}
	if owner := table.Text(stored, contract.CustomerID); owner != "" && owner != a.me.sub {
		if err := a.mayTakeOver(ctx, stored); err != nil {
			return err
		}
	}
	if seconds(stored, busyUntil) > a.now.Unix() {
		return busy()
	}
	values := a.values()
	values[":busy"] = table.Number(a.now.Add(holdsFor).Unix())
	unchanged := "attribute_not_exists(#claim)"
	if before, found := stored[claimAttribute]; found {
		unchanged, values[":before"] = "#claim = :before", before
	}
	// The SDK may send the write again after it has been made.
	met, err := a.links.update(ctx, a.recordID(),
		"SET #provider = :provider, #subject = :subject, #owner = :me, #username = :username, #claimed = :now, "+
			"#claim = :claim, #busy = :busy REMOVE #linked",
		unchanged+" OR #claim = :claim", values)
	if err == nil && !met {
		return busy()
	}
	return err
}

// mayTakeOver refuses to take a record from its account. Whether the identity is linked is asked of the pool: the
// account may have lost the answer to its link, and linkedAt says nothing about today.
func (a attempt) mayTakeOver(ctx context.Context, stored table.Item) error {
	owner, found, err := a.pool.find(ctx, table.Text(stored, contract.LinkUsername))
	if err != nil {
		return err
	}
	if !found || owner.sub != table.Text(stored, contract.CustomerID) {
		return nil
	}
	age := a.now.Unix() - seconds(stored, contract.LinkClaimedAt)
	if owner.connected(a.offer.identity) || age < int64(claimLasts/time.Second) {
		return elsewhere()
	}
	return nil
}

// record notes that the identity is linked; end is "REMOVE #busy" for the attempt that holds off others. A record that
// is another account's stays as it is: the pool decides.
func (a attempt) record(ctx context.Context, end string) error {
	_, err := a.links.update(ctx, a.recordID(),
		"SET #provider = :provider, #subject = :subject, #owner = :me, #username = :username, "+
			"#claimed = if_not_exists(#claimed, :now), #linked = if_not_exists(#linked, :now), "+
			"#claim = if_not_exists(#claim, :claim) "+end,
		"attribute_not_exists(#owner) OR #owner = :me", a.values())
	return err
}

// release lets the next attempt begin, if this one holds it off. It is a help: without it the next has to wait.
func (a attempt) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseWithin)
	defer cancel()
	_, _ = a.links.update(ctx, a.recordID(), "REMOVE #busy", "#claim = :claim",
		table.Item{":claim": table.String(a.name)})
}

// values are those of the record that stay.
func (a attempt) values() table.Item {
	return table.Item{
		":provider": table.String(a.offer.provider),
		":subject":  table.String(a.offer.subject),
		":me":       table.String(a.me.sub),
		":username": table.String(a.me.username),
		":claim":    table.String(a.name),
		":now":      table.Number(a.now.Unix()),
	}
}

func (a attempt) recordID() string { return recordID(a.offer.identity) }

// recordID is the key of an identity's record.
func recordID(one identity) string {
	return contract.LinkedIdentity + one.provider + "#" + one.subject
}

func busy() error {
	return problem.Busy("LinkBusy", "This sign-in is being connected at the moment. Try again in a moment.")
}
