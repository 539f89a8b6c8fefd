// Package feed passes what happens on to those who listen for a while, and never waits for them.
package feed

import (
	"sync"
	"sync/atomic"
)

// A Feed passes values on to those who listen. Its methods may be called at the same time. The zero value has
// no listeners.
type Feed[T any] struct {
	on        atomic.Bool // somebody listens
	mu        sync.Mutex
	listeners map[*Listener[T]]bool
}

// IsHeard reports whether somebody listens.
func (f *Feed[T]) IsHeard() bool { return f.on.Load() }

// Add passes a value on.
func (f *Feed[T]) Add(v T) {
	if !f.on.Load() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for l := range f.listeners {
		select {
		case l.values <- v:
		default:
			l.lost++
		}
	}
}

// Listen returns a listener for whom up to pending values may wait.
func (f *Feed[T]) Listen(pending int) *Listener[T] {
	l := &Listener[T]{feed: f, values: make(chan T, pending)}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listeners == nil {
		f.listeners = map[*Listener[T]]bool{}
	}
	f.listeners[l] = true
	f.on.Store(true)
	return l
}

// A Listener gets the values that are passed on while it listens.
type Listener[T any] struct {
	feed   *Feed[T]
	values chan T
	lost   int
}

// Values has them. Stop closes it.
func (l *Listener[T]) Values() <-chan T { return l.values }

// Lost returns how many values were lost since it was last asked.
func (l *Listener[T]) Lost() (lost int) {
	l.feed.mu.Lock()
	defer l.feed.mu.Unlock()
	lost, l.lost = l.lost, 0
	return lost
}

// Stop ends it, and returns how many values it lost because too many waited.
func (l *Listener[T]) Stop() (lost int) {
	f := l.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listeners[l] {
		delete(f.listeners, l)
		f.on.Store(len(f.listeners) > 0)
		close(l.values)
	}
	return l.lost
}
