// Package expiring keeps what the local stage needs only for a while: codes, sessions, sign-ins that are under way.
package expiring

import (
	"crypto/rand"
	"sync"
	"time"
)

// Store keeps values for a fixed time under names that cannot be guessed. It holds 4096, then the oldest goes: a flood
// of requests drops sign-ins, and never takes the memory of the machine.
type Store[V any] struct {
	now      func() time.Time
	life     time.Duration
	capacity int

	mu     sync.Mutex
	values map[string]kept[V]
	// names are in the order of their ends, as all live equally long. A name stays here when its value was taken.
	names []string
}

type kept[V any] struct {
	value V
	end   time.Time
}

// New returns an empty store whose values live that long.
func New[V any](now func() time.Time, life time.Duration) *Store[V] {
	return &Store[V]{now: now, life: life, capacity: 4096, values: map[string]kept[V]{}}
}

// Add returns the name of the value: 26 letters and digits with at least 128 bits of randomness.
func (s *Store[V]) Add(value V) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	if len(s.names) == s.capacity {
		s.drop()
	}
	name := rand.Text()
	s.values[name] = kept[V]{value, s.now().Add(s.life)}
	s.names = append(s.names, name)
	return name
}

// Get leaves the value where it is.
func (s *Store[V]) Get(name string) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	found, ok := s.values[name]
	return found.value, ok
}

// Take removes the value, so that of any number of callers at once only one gets it.
func (s *Store[V]) Take(name string) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	found, ok := s.values[name]
	delete(s.values, name)
	return found.value, ok
}

func (s *Store[V]) sweep() {
	for len(s.names) > 0 {
		if oldest, ok := s.values[s.names[0]]; ok && s.now().Before(oldest.end) {
			return
		}
		s.drop()
	}
}

func (s *Store[V]) drop() {
	delete(s.values, s.names[0])
	s.names = s.names[1:]
}
