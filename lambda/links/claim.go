package main

import (
	"context"
	"time"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/table"
)

const (
	// holdsFor is how long an attempt whose process has died blocks others. It is more than twice the time that package
	// gateway allows a request, so that an expired attempt can no longer delete anything.
	holdsFor = 20 * time.Second
	// claimLasts is how long an identity stays reserved for an account that has begun to connect it and has not finished.
	claimLasts = 15 * time.Minute
	// releaseWithin is how long the clean-up after a failure may take. The request itself may have timed out.
	releaseWithin = time.Second
)

// claim writes the record that this identity belongs to the account, and blocks other attempts to connect it. Otherwise
// one attempt could read a profile, and a second delete and link it; the first would then delete the account to which
// the profile's user name now leads.
//
// Another account's record is replaced only if that account is gone or has not connected the identity within
// claimLasts.
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
	// The SDK may repeat a write that has succeeded.
	met, err := a.links.update(ctx, a.recordID(),
		"SET #provider = :provider, #subject = :subject, #owner = :me, #username = :username, #claimed = :now, "+
			"#claim = :claim, #busy = :busy REMOVE #linked",
		unchanged+" OR #claim = :claim", values)
	if err == nil && !met {
		return busy()
	}
	return err
}

// mayTakeOver returns an error if the record must stay with its account. The user pool decides whether the identity is
// linked: the response to a link may have been lost, and linkedAt may be outdated.
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

// record notes that the identity is linked; end is "REMOVE #busy" for the attempt that blocks others. It does not
// change another account's record: the user pool decides.
func (a attempt) record(ctx context.Context, end string) error {
	_, err := a.links.update(ctx, a.recordID(),
		"SET #provider = :provider, #subject = :subject, #owner = :me, #username = :username, "+
			"#claimed = if_not_exists(#claimed, :now), #linked = if_not_exists(#linked, :now), "+
			"#claim = if_not_exists(#claim, :claim) "+end,
		"attribute_not_exists(#owner) OR #owner = :me", a.values())
	return err
}

// release unblocks other attempts, if this one blocks them. If release fails, they wait until the block expires.
func (a attempt) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseWithin)
	defer cancel()
	_, _ = a.links.update(ctx, a.recordID(), "REMOVE #busy", "#claim = :claim",
		table.Item{":claim": table.String(a.name)})
}

// values are the permanent values of the record.
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
	return gateway.Busy("LinkBusy", "This sign-in is being connected at the moment. Try again in a moment.")
}
