package identityprovider

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/securecart/identity/local/localtest/must"
)

// A key signs for an hour, and is published for another one: an ID token that it has signed lives for ten minutes.
func TestKeysRotateAndTheFormerOneIsStillPublished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var k keys
		first := must.Get(k.signing())(t)
		time.Sleep(rotation - time.Second)
		if got := must.Get(k.signing())(t); got.id != first.id {
			t.Error("another key signs within the hour")
		}
		time.Sleep(time.Second)
		second := must.Get(k.signing())(t)
		published := must.Get(k.published())(t)
		if second.id == first.id || len(published) != 2 || published[0].ID() != first.id || published[1].ID() != second.id {
			t.Errorf("after an hour %s signs, %d keys are published", second.id, len(published))
		}
		time.Sleep(rotation)
		if published = must.Get(k.published())(t); len(published) != 2 || published[0].ID() != second.id {
			t.Errorf("after two hours %d keys are published; want the last two", len(published))
		}
	})
}
