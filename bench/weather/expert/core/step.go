package core

import (
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// A step asks one provider for one kind of thing and keeps what it says.
type step[V any] struct {
	name         string
	provider     Provider
	settings     StepSettings
	stale        time.Duration // see held
	keepNotFound bool
	decode       func([]byte) (V, error)
	size         func(V) int // of a value in bytes, about

	clock    *Clock
	fetch    Fetcher
	schedule *schedule
	halfLife time.Duration
	calls    atomic.Int64 // of the provider, second tries included

	mu    sync.Mutex // of additions
	shelf *otter.Cache[string, *entry[V]]
}

// entryCost is what an entry costs besides its value: itself, the key, the shelf's node, its place in the schedule.
const entryCost = 400

// open makes the shelf.
func (s *step[V]) open() *step[V] {
	s.shelf = otter.Must(&otter.Options[string, *entry[V]]{
		MaximumWeight: uint64(s.settings.MiB) << 20,
		Weigher: func(path string, e *entry[V]) uint32 {
			weight := entryCost + len(path)
			if h := e.held.Load(); h != nil {
				weight += s.size(h.value)
			}
			return uint32(weight)
		},
		OnAtomicDeletion: func(d otter.DeletionEvent[string, *entry[V]]) {
			if d.WasEvicted() {
				d.Value.gone.Store(true)
			}
		},
	})
	return s
}

// at returns the entry of a path.
func (s *step[V]) at(path string) *entry[V] {
	if e, ok := s.shelf.GetIfPresent(path); ok {
		return e
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.shelf.GetIfPresent(path); ok {
		return e
	}
	e := &entry[V]{step: s, path: path}
	s.shelf.Set(path, e)
	return e
}

// put holds a value that was learned otherwise than by asking for it, unless there is one.
func (s *step[V]) put(path string, value V, fresh time.Duration) {
	e := s.at(path)
	e.mu.Lock()
	h := e.held.Load()
	if h == nil || h.fresh < fresh && h.fault == nil {
		h = &held[V]{value: value, fresh: fresh, expires: fresh + s.settings.ttl()}
		e.held.Store(h)
	}
	e.mu.Unlock()
	s.weigh(e)
}

// weigh tells the shelf that an entry's value has changed.
func (s *step[V]) weigh(e *entry[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !e.gone.Load() {
		s.shelf.Set(e.path, e)
	}
}

// renewLater has a value looked at again shortly before it expires.
func (s *step[V]) renewLater(e *entry[V], h *held[V]) {
	if s.settings.Renew <= 1 {
		s.schedule.add(h.expires, func() <-chan struct{} { return e.renew(h) })
	}
}

// decay is how much an access counts after so much time.
func (s *step[V]) decay(after time.Duration) float64 {
	return math.Exp2(-float64(after) / float64(s.halfLife))
}
