package expiring

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The map is compared with a plain list of what was put, in order.
func TestExpiringMapForgetsTheOldestAndTheExpiredAndNothingElse(t *testing.T) {
	type item struct {
		key   string
		value int
		until time.Time
	}
	rapid.Check(t, func(t *rapid.T) {
		const capacity = 5
		now := time.Unix(0, 0)
		real := NewMap[int](capacity)
		var model []item
		without := func(key string) { model = slices.DeleteFunc(model, func(i item) bool { return i.key == key }) }
		for step := range rapid.IntRange(1, 60).Draw(t, "steps") {
			key := fmt.Sprint(rapid.IntRange(0, 8).Draw(t, "key"))
			switch rapid.SampledFrom([]string{"put", "put", "get", "remove", "wait"}).Draw(t, "operation") {
			case "put":
				until := now.Add(time.Duration(rapid.IntRange(1, 4).Draw(t, "life")) * time.Minute)
				real.Put(key, step, now, until)
				without(key)
				for len(model) > 0 && (len(model) >= capacity || !now.Before(model[0].until)) {
					model = model[1:]
				}
				model = append(model, item{key, step, until})
			case "remove":
				real.Remove(key)
				without(key)
			case "wait":
				now = now.Add(time.Minute)
			case "get":
				i := slices.IndexFunc(model, func(i item) bool { return i.key == key && now.Before(i.until) })
				got, ok := real.Get(key, now)
				if ok != (i >= 0) || ok && got != model[i].value {
					t.Fatalf("get %s: %d, %t; want what is in %v", key, got, ok, model)
				}
				if !ok {
					without(key)
				}
			}
			if real.Len() != len(model) || len(real.places) != len(model) || len(model) > capacity {
				t.Fatalf("%d entries and %d places, want %d", real.Len(), len(real.places), len(model))
			}
		}
	})
}

func TestAValueOfAStoreIsTakenOnceAndInTime(t *testing.T) {
	now := time.Unix(0, 0)
	s := New[int](func() time.Time { return now }, time.Minute)
	kept := s.Add(1)
	if value, ok := s.Get(kept); !ok || value != 1 {
		t.Errorf("got %d, %v", value, ok)
	}
	if value, ok := s.Take(kept); !ok || value != 1 {
		t.Errorf("took %d, %v", value, ok)
	}
	if _, ok := s.Take(kept); ok {
		t.Error("a value can be taken twice")
	}
	for range 2 * capacity {
		now = now.Add(time.Microsecond)
		s.Add(0)
	}
	if got := s.values.Len(); got != capacity {
		t.Errorf("%d values are kept; want at most %d", got, capacity)
	}
	late := s.Add(2)
	now = now.Add(time.Minute)
	if _, ok := s.Get(late); ok {
		t.Error("a value is there after its time")
	}
}
