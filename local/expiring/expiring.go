// Package expiring keeps what the local stage needs only for a while: codes, sessions, sign-ins that are under way.
package expiring

import (
	"crypto/rand"
	"sync"
	"time"
)

// capacity is how many values a store holds. A flood of requests drops sign-ins, and never takes the memory of the
// machine.
const capacity = 4096

// Store keeps values for a fixed time under names that cannot be guessed. Beyond its capacity the oldest goes.
type Store[V any] struct {
	now  func() time.Time
	life time.Duration

	mu     sync.Mutex
	values *Map[V]
}

// New returns an empty store whose values live that long.
func New[V any](now func() time.Time, life time.Duration) *Store[V] {
	return &Store[V]{now: now, life: life, values: NewMap[V](capacity)}
}

// Add returns the name of the value: 26 letters and digits with at least 128 bits of randomness.
func (s *Store[V]) Add(value V) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, now := rand.Text(), s.now()
	s.values.Put(name, value, now, now.Add(s.life))
	return name
}

// Get leaves the value where it is.
func (s *Store[V]) Get(name string) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values.Get(name, s.now())
}

// Take removes the value, so that of any number of callers at once only one gets it.
func (s *Store[V]) Take(name string) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values.Get(name, s.now())
	s.values.Remove(name)
	return value, ok
}
