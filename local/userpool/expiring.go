package userpool

import (
	"container/list"
	"time"
)

// expiring is a map whose entries expire. A full map drops its oldest entry, so anonymous callers cannot make the pool
// use more memory, however many requests they send.
type expiring[V any] struct {
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

func newExpiring[V any](capacity int) *expiring[V] {
	return &expiring[V]{capacity: capacity, places: map[string]*list.Element{}, entries: list.New()}
}

// put adds a value, or replaces the value of the key.
func (e *expiring[V]) put(key string, value V, now, until time.Time) {
	e.remove(key)
	for oldest := e.entries.Front(); oldest != nil; oldest = e.entries.Front() {
		held := oldest.Value.(entry[V])
		if now.Before(held.until) && e.entries.Len() < e.capacity {
			break
		}
		e.remove(held.key)
	}
	e.places[key] = e.entries.PushBack(entry[V]{key, value, until})
}

// get returns the value of a key, unless it has expired.
func (e *expiring[V]) get(key string, now time.Time) (V, bool) {
	if place, ok := e.places[key]; ok {
		if held := place.Value.(entry[V]); now.Before(held.until) {
			return held.value, true
		}
		e.remove(key)
	}
	var none V
	return none, false
}

func (e *expiring[V]) remove(key string) {
	if place, ok := e.places[key]; ok {
		e.entries.Remove(place)
		delete(e.places, key)
	}
}
