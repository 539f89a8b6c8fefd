package sim

// The world in which the engine runs here: virtual time, tasks that are coroutines,
// and a number of processors.

import (
	"errors"
	"iter"
	"math/rand/v2"
	"time"
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
	now      time.Duration // since epoch
	random   *rand.Rand
	events   events
	number   uint64  // of the last event
	ready    []*task // from next on
	next     int
	current  *task
	tasks    int // that are not over
	all      []*task
	idle     []*task
	waiting  []*waiter // for something and the end of a context
	polled   int       // of those, last
	overload bool

	processors int     // that nobody uses
	queue      []*task // for one
	busy       time.Duration
	queued     time.Duration // that tasks waited for one
}

// A task is a coroutine. Once what it runs is over it is idle, and may run something else: its stack has
// grown to what such work needs.
type task struct {
	f     func()
	next  func() (waits, ok bool) // runs it until it waits, or is over
	wait  func(waits bool) bool
	stop  func()
	able  bool  // it is among those that can go on
	sleep event // of the sleep that nothing ends early
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
		w.overload = true
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
		w.all = append(w.all, t)
	}
	t.f = f
	w.wake(t)
}

// After calls f, which must not wait, once d has passed.
func (w *world) After(d time.Duration, f func()) (stop func()) {
	e := &event{f: f}
	w.at(w.now+d, e)
	return func() { e.f = nil }
}

// At makes a task of f once so much time has passed in all.
func (w *world) At(d time.Duration, f func()) { w.at(max(d, w.now), &event{f: func() { w.Go(f) }}) }

func (w *world) at(when time.Duration, e *event) {
	w.number++
	e.at, e.number = when, w.number
	w.events.push(e)
}

// run runs until nothing is left to do. It returns the error of a world that is overloaded.
func (w *world) run() (err error) {
	defer w.end()
	defer func() {
		if v := recover(); v != nil {
			if !w.overload {
				panic(v)
			}
			err = ErrOverload
		}
	}()
	for !w.overload {
		for w.next < len(w.ready) {
			t := w.ready[w.next]
			w.next++
			w.turn(t)
		}
		w.ready, w.next = w.ready[:0], 0
		if len(w.events) == 0 {
			return nil
		}
		e := w.events.pop()
		switch {
		case e.task != nil:
			w.now = e.at
			w.wake(e.task)
		case e.f != nil:
			w.now = e.at
			e.f()
		}
	}
	return ErrOverload
}

// turn runs a task until it waits or is over.
func (w *world) turn(t *task) {
	w.current, t.able = t, false
	if waits, _ := t.next(); !waits {
		w.tasks--
		w.idle = append(w.idle, t)
	}
	w.poll()
}

// errOver is what tasks raise that still wait when their world is over.
var errOver = errors.New("the world is over")

// end ends the coroutines, those that wait too.
func (w *world) end() {
	for _, t := range w.all {
		func() {
			defer func() { _ = recover() }() // a task that waited was raised out of what it did
			t.stop()
		}()
	}
}

// park puts the running task aside until wake.
func (w *world) park() {
	if !w.current.wait(true) {
		panic(errOver)
	}
}

// wake lets a task go on. Two may wake it at one time.
func (w *world) wake(t *task) {
	if !t.able {
		t.able = true
		w.ready = append(w.ready, t)
	}
}

// sleep has the running task wait for d.
func (w *world) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	e := &w.current.sleep
	e.task = w.current
	w.at(w.now+d, e)
	w.park()
}

// sleepUntil is sleep that a context ends early: then it returns false.
func (w *world) sleepUntil(d time.Duration, done <-chan struct{}) bool {
	if done == nil || d <= 0 {
		w.sleep(d)
		return true
	}
	e := &event{task: w.current}
	w.at(w.now+d, e)
	if w.parkUntil(done) {
		return true
	}
	e.task = nil
	return false
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
