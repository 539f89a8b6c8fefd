package world

// The live run: steps take virtual time, and what they do is noted.

import (
	"context"
	"time"

	"fluxo.dev/fluxo/internal/simworld"
)

// live is the backend of a run in a simulated world. Its tasks are labelled
// with the request they work for.
type live struct {
	world *simworld.World
	h     *History
	calls map[string]int // of each step, so that no two calls take the same time
	last  time.Duration
	met   map[int]Trouble // what each task has met so far
	ids   int             // made
}

// A Trouble counts what steps met with.
type Trouble struct{ Failures, Cancels int }

// Met returns what the running task has met in the present live run.
func Met() Trouble {
	l := present.(*live)
	return l.met[l.world.Task()]
}

// meet notes an outcome for the running task.
func (l *live) meet(o outcome) outcome {
	m := l.met[l.world.Task()]
	switch o.err {
	case nil:
		return o
	case context.Canceled, context.DeadlineExceeded:
		m.Cancels++
	default:
		m.Failures++
	}
	l.met[l.world.Task()] = m
	return o
}

// Live makes the steps of generated programs live in w, from now on, and
// returns the history they write.
func Live(w *simworld.World, s Script) *History {
	h := &History{Script: s}
	present = &live{world: w, h: h, calls: map[string]int{}, met: map[int]Trouble{}}
	return h
}

// now returns a time that nothing else in the history has: of what happens at
// one moment of the world, the history knows the order.
func (l *live) now() time.Duration {
	l.last = max(l.last+1, l.world.Now().Sub(simworld.Epoch))
	return l.last
}

// Clock returns the time that goes into the history of the present live run.
func Clock() time.Duration { return present.(*live).now() }

func (l *live) request() *Request { return l.world.Label().(*Request) }

// half waits for half the time that this call of a step takes, and returns the
// other half.
func (l *live) half(done <-chan struct{}, name string, k int) (rest time.Duration, ok bool) {
	l.begins(name)
	l.calls[name]++
	d := l.h.Script.lasts(name, k, l.calls[name]) / 2
	return d, l.sleep(done, d)
}

func (l *live) sleep(done <-chan struct{}, d time.Duration) bool {
	if d == 0 {
		l.world.Yield()
		select {
		case <-done:
			return false
		default:
			return true
		}
	}
	return l.world.Sleep(done, d)
}

func (l *live) ask(ctx context.Context, src Source) outcome {
	began := l.now()
	rest, ok := l.half(ctx.Done(), src.Name, src.K)
	if !ok {
		return l.meet(cancelled(ctx))
	}
	t := l.now()
	n, _ := l.h.Script.epoch(src, t)
	o := l.h.Script.answer(src, n, l.h.version(src, t))
	if !l.sleep(ctx.Done(), rest) {
		return l.meet(cancelled(ctx))
	}
	l.ended(src.Name, began)
	return l.meet(o)
}

func (l *live) askInTime(ctx context.Context, src Source) outcome {
	if end, ok := ctx.Deadline(); ok && end.Sub(l.world.Now()) < l.h.Script.lasts(src.Name, src.K, l.calls[src.Name]+1) {
		return l.meet(outcome{err: context.DeadlineExceeded})
	}
	return l.ask(ctx, src)
}

func (l *live) act(ctx context.Context, a Act) outcome {
	r := l.request()
	i := len(r.Acts)
	a.Start, a.Commit, a.End = l.now(), -1, -1
	r.Acts = append(r.Acts, a)
	o := l.meet(l.commit(ctx, r, i))
	did := &r.Acts[i]
	did.End = l.now()
	did.Result, did.Panic = o.val, o.panics
	if o.err != nil {
		did.Err = o.err.Error()
	}
	return o
}

// commit does act i of r: it may fail before it did anything, or after.
func (l *live) commit(ctx context.Context, r *Request, i int) outcome {
	a := r.Acts[i]
	rest, ok := l.half(ctx.Done(), a.Name, a.K)
	if !ok {
		return cancelled(ctx)
	}
	trouble := hash(l.h.Script.Seed, "act"+a.Op+a.Name, a.K, l.calls[a.Name])
	fails := int(trouble%100) < l.h.Script.Trouble
	if fails && trouble>>10%2 == 0 {
		return outcome{err: ErrDown}
	}
	r.Acts[i].Commit = l.now()
	l.sleep(nil, rest)
	if fails && trouble>>11%3 == 0 {
		return outcome{panics: "broken " + a.Name}
	}
	if fails {
		return outcome{err: ErrDown}
	}
	k := int(trouble >> 20 % 4)
	return outcome{val: Rec{K: k, S: a.Op, L: []string{"z", "y"}}}
}

func (l *live) observe(text string) {
	r := l.request()
	if r.End != 0 && l.h.Shared {
		return // a run that r began and others go on with
	}
	r.Observed = append(r.Observed, text)
}

func (l *live) slow() {
	l.begins("a pure step")
	l.calls["pure"]++
	l.sleep(nil, l.h.Script.lasts("pure", 0, l.calls["pure"])/4)
}

func (l *live) failed() { l.meet(outcome{err: ErrDown}) }

func (l *live) odd(key string) int { return l.h.Script.odd(key) }

func (l *live) id() [16]byte { l.ids++; return idNumber(l.ids) }
