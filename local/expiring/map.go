package expiring

import (
	"container/list"
	"time"
)

// Map is a map whose entries expire. A full map drops its oldest entry, so anonymous callers cannot make the local
// stage use more memory, however many requests they send. It is not for several goroutines at once.
type Map[V any] struct {
	capacity int
	places   map[string]*list.Element
	// entries are in the order in which they were put.
	entries *list.List
}

type entry[V any] struct {
	key   string
	value V
	until time.Time
}

// NewMap returns an empty map that holds at most capacity entries.
func NewMap[V any](capacity int) *Map[V] {
	return &Map[V]{capacity: capacity, places: map[string]*list.Element{}, entries: list.New()}
}

// Put adds a value until a time, or replaces the value of the key. It drops expired entries that are older.
func (m *Map[V]) Put(key string, value V, now, until time.Time) {
	m.Remove(key)
	for oldest := m.entries.Front(); oldest != nil; oldest = m.entries.Front() {
		held := oldest.Value.(entry[V])
		if now.Before(held.until) && m.entries.Len() < m.capacity {
			break
		}
		m.Remove(held.key)
	}
	m.places[key] = m.entries.PushBack(entry[V]{key, value, until})
}

// Get returns the value of a key, unless it has expired.
func (m *Map[V]) Get(key string, now time.Time) (V, bool) {
	if place, ok := m.places[key]; ok {
		if held := place.Value.(entry[V]); now.Before(held.until) {
			return held.value, true
		}
		m.Remove(key)
	}
	var none V
	return none, false
}

// Remove removes a key, which may not be there.
func (m *Map[V]) Remove(key string) {
	if place, ok := m.places[key]; ok {
		m.entries.Remove(place)
		delete(m.places, key)
	}
}

// Len is how many entries are held, some of which may have expired.
func (m *Map[V]) Len() int { return m.entries.Len() }
