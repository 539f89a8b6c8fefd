package sim

// The world in which the engine runs here: virtual time, tasks that are coroutines,
// and a number of processors.

import (
	"container/heap"
	"errors"
	"iter"
	"math/rand/v2"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

// epoch is when a simulated world begins. Any time will do that is not zero.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// maxTasks bounds the requests and forks under way at one time.
const maxTasks = 1 << 16

// ErrOverload says that more work arrived than could ever be done.
var ErrOverload = errors.New("overload: more than 65536 requests and forks at one time")

// A world is an engine.World. One of its tasks runs at a time, until it waits; those that
// can go on do so in the order in which they came to be able to.
type world struct {
	now     time.Duration // since epoch
	random  *rand.Rand
	events  events
	number  uint64 // of the last event
	ready   []*task
	current *task
	tasks   int
	idle    []*task

	processors int     // that nobody uses
	queue      []*task // for one
	busy       time.Duration
	queued     time.Duration // that tasks waited for one
}

// A task is a coroutine. Once what it runs is over it is idle, and may run something else: its stack has
// grown to what such work needs.
type task struct {
	f    func()
	next func() (waits, ok bool) // runs it until it waits, or is over
	wait func(waits bool) bool
	stop func()
}

func newWorld(seed uint64, processors int) *world {
	return &world{random: rand.New(rand.NewPCG(seed, 0x73)), processors: processors}
}

// Now returns the virtual time.
func (w *world) Now() time.Time         { return epoch.Add(w.now) }
func (w *world) Machine() time.Time     { return w.Now() }
func (w *world) Elapsed() time.Duration { return w.now }
func (w *world) Random() uint64         { return w.random.Uint64() }

// Go makes a task of f. It begins when those that can go on have had their turns.
func (w *world) Go(f func()) {
	if w.tasks >= maxTasks {
		panic(ErrOverload)
	}
	w.tasks++
	var t *task
	if last := len(w.idle) - 1; last >= 0 {
		t, w.idle = w.idle[last], w.idle[:last]
	} else {
		t = &task{}
		t.next, t.stop = iter.Pull(func(yield func(bool) bool) {
			t.wait = yield
			for more := true; more; more = yield(false) {
				t.f()
			}
		})
	}
	t.f = f
	w.ready = append(w.ready, t)
}

// After calls f, which must not wait, once d has passed.
func (w *world) After(d time.Duration, f func()) (stop func()) {
	e := w.at(w.now+d, f)
	return func() { e.f = nil }
}

func (w *world) at(when time.Duration, f func()) *event {
	w.number++
	e := &event{when, w.number, f}
	heap.Push(&w.events, e)
	return e
}

// run runs until nothing is left to do. It returns the error of a world that is overloaded.
func (w *world) run() (err error) {
	defer func() {
		if r := recover(); r != nil {
			if r != ErrOverload {
				panic(r)
			}
			err = ErrOverload
		}
	}()
	defer w.end()
	for {
		for len(w.ready) > 0 {
			t := w.ready[0]
			w.ready = w.ready[1:]
			w.current = t
			if waits, _ := t.next(); !waits {
				w.tasks--
				w.idle = append(w.idle, t)
			}
		}
		if len(w.events) == 0 {
			return nil
		}
		if e := heap.Pop(&w.events).(*event); e.f != nil {
			w.now = e.at
			e.f()
		}
	}
}

// end ends the coroutines.
func (w *world) end() {
	for _, t := range w.idle {
		t.stop()
	}
}

// park puts the running task aside until wake.
func (w *world) park() { w.current.wait(true) }

func (w *world) wake(t *task) { w.ready = append(w.ready, t) }

// sleep has the running task wait for d.
func (w *world) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	t := w.current
	w.at(w.now+d, func() { w.wake(t) })
	w.park()
}

// compute has the running task use a processor for d, once it gets one.
func (w *world) compute(d time.Duration) {
	if d <= 0 {
		return
	}
	w.busy += d
	if w.processors == 0 {
		began := w.now
		w.queue = append(w.queue, w.current)
		w.park()
		w.queued += w.now - began
	} else {
		w.processors--
	}
	w.sleep(d)
	if len(w.queue) == 0 {
		w.processors++
		return
	}
	w.wake(w.queue[0]) // it takes the processor over
	w.queue = w.queue[1:]
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

// Wait does not look at done while it waits: no context ends here, since no client leaves.
func (g *gate) Wait(done <-chan struct{}) bool {
	select {
	case <-done:
		return g.open
	default:
	}
	if !g.open {
		g.waiting = append(g.waiting, g.world.current)
		g.world.park()
	}
	return true
}

// An event calls f at its time; nil if it was stopped.
type event struct {
	at     time.Duration
	number uint64 // events of one time happen in the order in which they were made
	f      func()
}

type events []*event

func (es events) Len() int      { return len(es) }
func (es events) Swap(i, j int) { es[i], es[j] = es[j], es[i] }
func (es events) Less(i, j int) bool {
	return es[i].at < es[j].at || es[i].at == es[j].at && es[i].number < es[j].number
}
func (es *events) Push(e any) { *es = append(*es, e.(*event)) }
func (es *events) Pop() any {
	last := len(*es) - 1
	e := (*es)[last]
	*es = (*es)[:last]
	return e
}
