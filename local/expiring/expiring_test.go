package expiring

import (
	"testing"
	"time"
)

func TestTheStoreIsBoundedAndSwept(t *testing.T) {
	now := time.Unix(0, 0)
	s := New[int](func() time.Time { return now }, time.Minute)
	s.capacity = 3
	var names []string
	for i := range 5 {
		names = append(names, s.Add(i))
		now = now.Add(time.Second)
	}
	for i, name := range names {
		if value, ok := s.Get(name); ok != (i >= 2) || ok && value != i {
			t.Errorf("value %d: got %d, %v; want only the newest three", i, value, ok)
		}
	}
	if _, ok := s.Take(names[4]); !ok {
		t.Error("a value that is there cannot be taken")
	}
	if _, ok := s.Take(names[4]); ok {
		t.Error("a value can be taken twice")
	}
	for range 10_000 {
		s.Take(s.Add(0))
	}
	if len(s.names) > 3 || len(s.values) > 3 {
		t.Errorf("%d names and %d values are kept; want at most 3", len(s.names), len(s.values))
	}
	now = now.Add(time.Minute)
	s.Get("")
	if len(s.names)+len(s.values) != 0 {
		t.Errorf("%d names and %d values are kept after their time", len(s.names), len(s.values))
	}
}
