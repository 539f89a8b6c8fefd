// Package simworld is a world for the engine with virtual time and controlled
// interleaving. Tasks take turns: one runs at a time, until it waits, begins
// another task, or yields; which one goes on is drawn from a seed. The clock moves
// only when nobody can go on. So a run is a function of its seed, however long
// its tasks sleep, and one that gets stuck says who waits.
//
// Whatever a task waits for, it must wait for through the World: a task that
// blocks on a channel of its own stops everything.
package simworld

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

// Epoch is when every simulated world begins.
var Epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// maxTasks bounds the tasks of one world that are not over.
const maxTasks = 1 << 16

// maxTurns bounds the turns that are given while the clock stands.
const maxTurns = 1 << 20

// A World is an engine.World. Its methods may be called by its tasks only, one
// at a time as they are.
type World struct {
	random *rand.Rand
	now    time.Time
	begun  int
	turns  int // given since the clock moved

	tasks   []*task // not over, in the order in which they began, but for the running one
	current *task
	timers  []*timer // by time, then by when they were set
	over    chan error
}

// A task is a goroutine of the world.
type task struct {
	number int
	turn   chan struct{} // holds one: the goroutine that gives a turn may be about to take it
	ready  func() bool   // nil if it can go on
	what   string        // it waits for
	label  any           // see SetLabel
}

type timer struct {
	at time.Time
	f  func()
}

// Run runs main as the first task of a new world, and returns when all its tasks
// are over. It returns an error if they wait for each other, or are busy without end
// while no time passes: that never changes then.
func Run(seed uint64, main func(*World)) error {
	w := &World{random: rand.New(rand.NewPCG(seed, 0x51)), now: Epoch, over: make(chan error, 1)}
	w.spawn(func() { main(w) })
	w.next()
	return <-w.over
}

// Now returns the virtual time.
func (w *World) Now() time.Time { return w.now }

// Machine returns the virtual time: nobody moves it ahead.
func (w *World) Machine() time.Time { return w.now }

// Elapsed returns the virtual time since Epoch.
func (w *World) Elapsed() time.Duration { return w.now.Sub(Epoch) }

// Random returns a number drawn from the seed.
func (w *World) Random() uint64 { return w.random.Uint64() }

// Go calls f in a task of its own, which may run before Go returns.
func (w *World) Go(f func()) {
	w.spawn(f)
	w.Yield()
}

func (w *World) spawn(f func()) {
	if len(w.tasks) >= maxTasks {
		panic(fmt.Sprintf("simworld: more than %d tasks", maxTasks))
	}
	w.begun++
	t := &task{number: w.begun, turn: make(chan struct{}, 1)}
	if w.current != nil {
		t.label = w.current.label
	}
	w.tasks = append(w.tasks, t)
	go func() {
		<-t.turn
		defer w.next() // after Goexit too
		f()
	}()
}

// SetLabel marks the running task, and those that it begins, with what they
// work for.
func (w *World) SetLabel(l any) { w.current.label = l }

// Label returns the label of the running task.
func (w *World) Label() any { return w.current.label }

// Task returns the number of the running task.
func (w *World) Task() int { return w.current.number }

// Yield lets any task go on, perhaps this one.
func (w *World) Yield() { w.wait("its turn", nil) }

// wait puts the running task aside until ready and its turn.
func (w *World) wait(what string, ready func() bool) {
	t := w.current
	t.what, t.ready = what, ready
	w.tasks = append(w.tasks, t)
	w.next()
	<-t.turn
}

// next gives the turn to a task that can go on. Time moves on until there is one.
func (w *World) next() {
	for {
		var able []int
		for i, t := range w.tasks {
			if t.ready == nil || t.ready() {
				able = append(able, i)
			}
		}
		switch {
		case w.turns == maxTurns:
			w.over <- fmt.Errorf("livelock at %v: time does not pass in %d turns", w.Elapsed(), maxTurns)
			return
		case len(able) > 0:
			w.turns++
			i := able[w.random.IntN(len(able))]
			t := w.tasks[i]
			w.tasks = slices.Delete(w.tasks, i, i+1)
			w.current = t
			t.turn <- struct{}{}
			return
		case len(w.tasks) == 0:
			w.over <- nil
			return
		case len(w.timers) == 0:
			w.over <- w.stuck()
			return
		}
		first := w.timers[0]
		w.timers = w.timers[1:]
		if first.at.After(w.now) {
			w.now, w.turns = first.at, 0
		}
		first.f()
	}
}

// stuck says who waits for what.
func (w *World) stuck() error {
	s := ""
	for i, t := range w.tasks {
		if i == 8 {
			s += fmt.Sprintf(" and %d more", len(w.tasks)-i)
			break
		}
		s += fmt.Sprintf(" task %d for %s;", t.number, t.what)
	}
	return fmt.Errorf("deadlock at %v: nobody can go on:%s", w.now.Sub(Epoch), s)
}

// After calls f, which must not wait, once d has passed.
func (w *World) After(d time.Duration, f func()) (stop func()) {
	t := &timer{w.now.Add(d), f}
	i := slices.IndexFunc(w.timers, func(u *timer) bool { return u.at.After(t.at) })
	if i < 0 {
		i = len(w.timers)
	}
	w.timers = slices.Insert(w.timers, i, t)
	return func() {
		w.timers = slices.DeleteFunc(w.timers, func(u *timer) bool { return u == t })
	}
}

// At makes a task of f once d has passed in all.
func (w *World) At(d time.Duration, f func()) { w.After(d-w.Elapsed(), func() { w.spawn(f) }) }

// Sleep waits for d and returns true, or false once done is closed if that comes first.
func (w *World) Sleep(done <-chan struct{}, d time.Duration) bool {
	g := w.NewGate()
	stop := w.After(d, g.Open)
	defer stop()
	return g.Wait(done)
}

// NewGate returns a closed gate.
func (w *World) NewGate() engine.Gate { return &gate{world: w} }

type gate struct {
	world *World
	open  bool
}

func (g *gate) Open() { g.open = true }

func (g *gate) Wait(done <-chan struct{}) bool {
	g.world.wait("a gate", func() bool { return g.open || closed(done) })
	return g.open
}

func closed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}
