package sim

// Tasks that wait for something or the end of a context: gates, and steps that are called off.

import (
	"slices"

	"fluxo.dev/fluxo/internal/engine"
)

// A waiter is a task that waits for something or the end of a context, whatever comes first.
type waiter struct {
	at    int // among those that wait
	task  *task
	done  <-chan struct{}
	ended bool
}

func (o *waiter) isEnded() bool {
	select {
	case <-o.done:
		return true
	default:
		return false
	}
}

// parkUntil puts the running task aside until wake, or until done is closed: then it returns false. Contexts end
// in the turn of some task, after which it is looked at.
func (w *world) parkUntil(done <-chan struct{}) bool {
	o := &waiter{task: w.current, done: done, at: len(w.waiting)}
	w.waiting = append(w.waiting, o)
	w.park()
	last := len(w.waiting) - 1
	moved := w.waiting[last]
	w.waiting[o.at], moved.at = moved, o.at
	w.waiting[last] = nil
	w.waiting = w.waiting[:last]
	return !o.ended
}

// maxPolled bounds the waiters that are looked at in one turn. Where more wait, the world is full, and that
// the context of one has ended is seen some turns later.
const maxPolled = 256

// poll wakes those whose contexts have ended.
func (w *world) poll() {
	for range min(len(w.waiting), maxPolled) {
		w.polled++
		if w.polled >= len(w.waiting) {
			w.polled = 0
		}
		if o := w.waiting[w.polled]; !o.ended && o.isEnded() {
			o.ended = true
			w.wake(o.task)
		}
	}
}

// NewGate returns a closed gate.
func (w *world) NewGate() engine.Gate { return &gate{world: w} }

type gate struct {
	world   *world
	open    bool
	waiting []*task
}

func (g *gate) Open() {
	g.open = true
	for _, t := range g.waiting {
		g.world.wake(t)
	}
	g.waiting = nil
}

func (g *gate) Wait(done <-chan struct{}) bool {
	if g.open {
		return true
	}
	t := g.world.current
	g.waiting = append(g.waiting, t)
	if done == nil {
		g.world.park()
		return true
	}
	if g.world.parkUntil(done) {
		return true
	}
	g.waiting = slices.DeleteFunc(g.waiting, func(o *task) bool { return o == t })
	return g.open
}
