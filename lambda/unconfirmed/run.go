package main

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
)

const (
	// staleAfter is how long an account may stay unconfirmed. A mailed code is valid for one day.
	// https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
	staleAfter = 48 * time.Hour
	// perRun is how many accounts one run works on. The run shares the quotas of Cognito's operations with sign-ins.
	// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
	perRun = 1000
	// reserve is how much time a run needs to begin with another account, which takes a fraction of it. A run that is
	// stopped in the middle does no harm, but logs nothing.
	reserve = 5 * time.Second
	// tolerated is how many accounts may fail before the run ends. One account that Cognito cannot handle must not block
	// the others. More failures mean that the service fails or a permission is missing.
	tolerated = 5
)

// Reasons to end a run early.
var (
	errLimit = errors.New("enough for one run")
	errTime  = errors.New("the time is up")
)

// numbers are the numbers of a run's log line.
type numbers struct {
	// listed are the accounts that Cognito listed as unconfirmed, of any age.
	listed int
	// resumed are the accounts that an earlier run has left recorded.
	resumed int
	// removed and enabled count the results for recorded accounts.
	removed, enabled int
	// failed are the accounts that the run could not finish. The next run tries again.
	failed int
}

// A run works on the accounts that are due.
type run struct {
	*schedule
	numbers

	before time.Time // accounts made before are stale
	begun  int       // accounts worked on
	first  error     // the first failure of an account
}

// work finishes recorded removals, then removes listed accounts. A call that failed because the time is up is not a
// failure of the service.
func (r *run) work(ctx context.Context) error {
	err := r.leased(ctx)
	if err != nil && ctx.Err() != nil {
		return errTime
	}
	return err
}

func (r *run) leased(ctx context.Context) error {
	now := r.now()
	r.before = now.Add(-staleAfter)
	taken, recorded, err := r.removals.begin(ctx, now, r.left(ctx))
	if err != nil {
		return err
	}
	// Or gets both errors, so the item is released after a failure, too.
	return cmp.Or(r.all(ctx, recorded), r.removals.item.Release(ctx, taken))
}

func (r *run) all(ctx context.Context, recorded []string) error {
	for _, username := range recorded {
		if err := r.account(ctx, username, r.resume); err != nil {
			return err
		}
	}
	for page, err := range r.accounts.unconfirmed(ctx) {
		if err != nil {
			return err
		}
		if err := r.page(ctx, page); err != nil {
			return err
		}
	}
	return r.first
}

func (r *run) page(ctx context.Context, page []account) error {
	if r.left(ctx) < reserve {
		return errTime
	}
	r.listed += len(page)
	for _, listed := range page {
		if !r.due(listed) {
			continue
		}
		if err := r.account(ctx, listed.username, r.remove); err != nil {
			return err
		}
	}
	return nil
}

// account works on one account. Its failure ends the run only if the next account would fail, too.
func (r *run) account(ctx context.Context, username string, work func(context.Context, string) error) error {
	switch {
	case r.begun == r.limit:
		return errLimit
	case r.left(ctx) < reserve:
		return errTime
	}
	r.begun++
	err := work(ctx, username)
	if err == nil {
		return nil
	}
	r.failed++
	if function.Throttled(err) || ctx.Err() != nil {
		return err
	}
	if r.first == nil {
		r.first = err
	}
	if r.failed == tolerated {
		return r.first
	}
	return nil
}

// remove begins the removal of an account. It reads the account before it records it, because a list is eventually
// consistent: otherwise an account that an operator has just disabled would count as disabled by a run, and a run would
// enable it.
func (r *run) remove(ctx context.Context, username string) error {
	found, err := r.accounts.read(ctx, username)
	if err != nil || !r.due(found) {
		return err
	}
	if err := r.removals.add(ctx, username); err != nil {
		return err
	}
	return r.finish(ctx, username)
}

// resume finishes a removal that an earlier run has begun.
func (r *run) resume(ctx context.Context, username string) error {
	r.resumed++
	found, err := r.accounts.read(ctx, username)
	if err != nil {
		return err
	}
	if found.exists && !r.stale(found) {
		return r.release(ctx, username)
	}
	return r.finish(ctx, username)
}

// finish removes a recorded account, unless it has been confirmed.
func (r *run) finish(ctx context.Context, username string) error {
	if err := r.accounts.disable(ctx, username); err != nil {
		return err
	}
	found, err := r.accounts.read(ctx, username)
	if err != nil {
		return err
	}
	if found.exists && !r.stale(found) {
		return r.release(ctx, username)
	}
	if err := r.accounts.remove(ctx, username); err != nil {
		return err
	}
	if err := r.removals.forget(ctx, username); err != nil {
		return err
	}
	r.removed++
	return nil
}

// release enables a customer who has confirmed.
func (r *run) release(ctx context.Context, username string) error {
	if err := r.accounts.enable(ctx, username); err != nil {
		return err
	}
	if err := r.removals.forget(ctx, username); err != nil {
		return err
	}
	r.enabled++
	return nil
}

// due reports whether the removal of an account may begin. A disabled account that is not recorded was disabled by an
// operator.
func (r *run) due(a account) bool {
	return r.stale(a) && a.enabled
}

// stale reports whether an account was never confirmed, and is old enough.
func (r *run) stale(a account) bool {
	return a.exists && a.unconfirmed && a.created.Before(r.before)
}
