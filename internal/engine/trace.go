package engine

// Traces: what a sample of runs did, node by node, for package profile. The runs are
// those of flows under the empty plan, walked over their source graphs.

import (
	"context"
	"hash/crc64"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

// maxVisits bounds what is noted of one request, in all flows that it runs; a longer one is
// not noted at all.
const maxVisits = 1 << 14

// A tracing is a run, or a fork of one, that is being noted.
type tracing struct {
	run    *profile.Run
	up     *tracing      // of the run that called this one; nil of a request
	left   *atomic.Int64 // visits that the request may still make
	began  time.Duration
	ahead  time.Duration // of the clock: what calls took that were recalled and not made
	calls  bool          // a flow is being called, and not a step
	child  *profile.Run  // that it came to
	call   uint64        // that answered it, by its number in the journal
	tells  bool          // it is told, and not observed: of a run under a plan
	frame  *Frame        // of one that is told
	within int           // the visit that is under way, from 1; 0 for none
	key    []byte
	live   *profile.Live // nil if nobody asks for it
}

type traceKey struct{}

// A traceContext tells a flow which run calls it; a nil trace that it is called by a step,
// which is noted as a whole.
type traceContext struct {
	context.Context
	trace *tracing
}

func (c traceContext) Value(key any) any {
	if key == (traceKey{}) {
		return c.trace
	}
	return c.Context.Value(key)
}

// NoteTo has runs of p, which is a probe, passed on to f, from any goroutine, in place of Options.Traced. Call it before
// p runs.
func (p *Plan) NoteTo(f func(*profile.Run)) {
	if p.pair != nil {
		p = p.pair.written
	}
	p.noted = f
}

// beginTrace begins to note a run.
func (t *Thread) beginTrace(ctx context.Context, f *Frame) {
	e := t.plan.engine
	tr := &tracing{run: &profile.Run{Flow: t.plan.flow}}
	if ctx != nil {
		if up, called := ctx.Value(traceKey{}).(*tracing); called {
			if up == nil {
				return
			}
			tr.up, tr.left = up, up.left
		}
	}
	if tr.tells = t.plan.told != nil || tr.up != nil && tr.up.tells; tr.tells {
		tr.frame = f
		e.filling.Add(1)
	}
	tr.began = e.world.Elapsed()
	if e.spans.Load() && t.exam == nil {
		tr.live = newLive()
		if tr.up == nil && e.parentOf != nil && ctx != nil {
			tr.live.Parent = e.parentOf(ctx)
		}
		tr.run.SetLive(tr.live)
	}
	if tr.up == nil {
		tr.left = new(atomic.Int64)
		tr.left.Store(maxVisits)
		tr.run.At = tr.began
		if t.exam != nil {
			tr.run.At = t.exam.at
		}
	}
	t.trace = tr
	if t.marks == nil {
		t.marks = t.plan.newMarks() // so that the walk looks at every node
	}
	if !tr.tells {
		tr.run.Params = tr.values(t.plan.params, f)
	}
}

func newLive() *profile.Live { return &profile.Live{Decided: map[int]*profile.Decided{}} }

// endTrace ends it.
func (t *Thread) endTrace() {
	e, tr := t.plan.engine, t.trace
	t.trace = nil
	now := tr.now(e.world)
	tr.run.Took = now - tr.began
	tr.run.Failed = !t.returned
	tr.raised(now)
	if tr.up != nil {
		tr.up.ahead += tr.ahead
	}
	if tr.tells {
		e.filling.Add(-1)
		if t.returned && !t.answered {
			tr.live.Failure = t.plan.failure(tr.frame)
		}
	}
	switch {
	case tr.left.Load() < 0 || t.exam != nil && t.exam.wrong != "":
		if t.exam != nil {
			t.exam.journal.lose(1)
		}
	case tr.up != nil:
		tr.up.child = tr.run
	case tr.tells:
		t.plan.told(tr.run)
	default:
		t.plan.noted(tr.run)
	}
}

// now is the time of the run.
func (tr *tracing) now(w World) time.Duration { return w.Elapsed() + tr.ahead }

// raised ends the visit that a panic or Goexit left, if one did. Until then it has the time at
// which it began.
func (tr *tracing) raised(now time.Duration) {
	if n := len(tr.run.Visits); n > 0 && tr.run.Visits[n-1].Exit == profile.Raised {
		v := &tr.run.Visits[n-1]
		v.Took = now - v.Took
	}
}

// fork returns what notes a fork of the run.
func (tr *tracing) fork() *tracing {
	if tr == nil {
		return nil
	}
	f := &tracing{run: &profile.Run{}, up: tr.up, left: tr.left, tells: tr.tells}
	if tr.live != nil {
		f.live = newLive()
	}
	return f
}

// join takes over what a fork did, which is over at now.
func (tr *tracing) join(fork *tracing, now time.Duration) {
	fork.raised(now)
	at := len(tr.run.Visits)
	tr.run.Visits = append(tr.run.Visits, fork.run.Visits...)
	if tr.live == nil {
		return
	}
	tr.live.Starts = append(tr.live.Starts, fork.live.Starts...)
	for _, within := range fork.live.Within {
		if within += at; within == at {
			within = tr.within
		}
		tr.live.Within = append(tr.live.Within, within)
	}
	for i, d := range fork.live.Decided {
		tr.live.Decided[at+i] = d
	}
}

// add notes a visit, which began at start.
func (tr *tracing) add(v profile.Visit, start time.Duration) {
	tr.run.Visits = append(tr.run.Visits, v)
	if tr.live != nil {
		tr.live.Starts, tr.live.Within = append(tr.live.Starts, start), append(tr.live.Within, tr.within)
	}
}

// context returns the context that a node of the run gets.
func (tr *tracing) context(c context.Context) context.Context {
	if tr.calls {
		return traceContext{c, tr}
	}
	return traceContext{c, nil}
}

// visit runs an operation and notes it.
func (t *Thread) visit(o *op, f *Frame) Exit {
	n, tr, e := o.node, t.trace, t.plan.engine
	if tr.tells {
		return t.tell(o, f)
	}
	if tr.left.Add(-1) < 0 {
		return t.op(o, f)
	}
	switch n.kind {
	case graph.Branch:
		return t.visitBranch(n, f)
	case graph.Start, regionKind, graph.Each, graph.Fold:
		return t.op(o, f) // what is in them is noted
	}
	if t.plan.behind && n.reads.step {
		e.shadowCalls.Add(1)
	}
	tr.calls, tr.child, tr.call = n.kind == graph.Call, nil, 0
	began, at := tr.now(e.world), len(tr.run.Visits)
	tr.add(profile.Visit{Node: n.number, Took: began, Block: -1, Exit: profile.Raised}, began)
	tr.run.Visits[at].Parts = n.parts(f) // of what it is given; it may be set anew
	waited := t.timesWait(n)
	if t.exam == nil { // otherwise who notes the call says so
		defer e.elsewhere.Load().showing(n, f)()
	}
	x := t.op(o, f)
	v := &tr.run.Visits[at]
	v.Took, v.Waited, v.Exit, v.Run, v.Call = tr.now(e.world)-began, waited(), int32(x), tr.child, tr.call
	sets := n.sets
	if x == Next {
		sets = n.setsOn
	}
	if n.src.Err != "" && t.err != nil && n.kind != graph.Fail {
		v.Kind = e.kindName(t.err)
	}
	v.Sets = tr.values(sets, f)
	return x
}

// parts hashes the parts of the keys of what n is about to read and write on f.
func (n *node) parts(f *Frame) (parts []uint64) {
	if n.code.Data == nil && n.code.Writes == nil {
		return nil
	}
	reads, writes := keysOf(n.code.Data, f), keysOf(n.code.Writes, f)
	for _, e := range n.src.Effects {
		keys := &reads
		if e.Class == graph.Writes {
			keys = &writes
		}
		for _, d := range e.Data {
			hashes := make([]uint64, len(d.Parts))
			if len(*keys) > 0 {
				for i, p := range (*keys)[0].Parts {
					hashes[i] = partHash(p)
				}
				*keys = (*keys)[1:]
			}
			parts = append(parts, hashes...)
		}
	}
	return parts
}

// keysOf evaluates data keys; nil if there are none, or they cannot be told.
func keysOf(of func(*Frame, []DataKey) []DataKey, f *Frame) (keys []DataKey) {
	if of != nil {
		capture(func() { keys = of(f, nil) })
	}
	return keys
}

// partHash returns the hash of a part; 0 of one that is unknown, and of no other.
func partHash(part []byte) uint64 {
	if part == nil {
		return 0
	}
	return max(crc64.Checksum(part, polynomial), 1)
}

// visitBranch runs a branch and notes which block it took.
func (t *Thread) visitBranch(n *node, f *Frame) Exit {
	w := t.plan.engine.world
	began := w.Elapsed()
	i := n.code.Pick(t, f)
	t.mark(n.onNext)
	v := profile.Visit{Node: n.number, Took: w.Elapsed() - began, Block: int32(i), Sets: t.trace.values(n.setsOn, f)}
	t.trace.add(v, began)
	if i < 0 {
		return Next
	}
	return t.walk(&n.blocks[i], f)
}

// visitLoop returns a function that notes that an iteration begins on it, or that the
// loop ends if it is nil.
func (t *Thread) visitLoop(n *node) func(it *Frame) {
	tr := t.trace
	if tr == nil || tr.tells {
		return func(*Frame) {}
	}
	began := tr.now(t.plan.engine.world)
	return func(it *Frame) {
		if tr.left.Add(-1) < 0 {
			return
		}
		v, now := profile.Visit{Node: n.number, Block: -1}, tr.now(t.plan.engine.world)
		if it != nil {
			v.Block, v.Sets = 0, tr.values(n.loop.sets, it)
		} else {
			v.Took = now - began
		}
		tr.add(v, now-v.Took)
	}
}

// failed returns 1 if a variable holds an error, and 0 if it holds none.
func failed(v *Var, vars any) uint64 {
	if v.Save != nil {
		if err, _, _ := v.Save(vars); err != nil {
			return 1
		}
	}
	return 0
}

var polynomial = crc64.MakeTable(crc64.ECMA)

// values notes what variables hold.
func (tr *tracing) values(refs []ref, f *Frame) []profile.Value {
	out := make([]profile.Value, 0, len(refs))
	for i := range refs {
		r := &refs[i]
		v := profile.Value{Var: int32(r.index)}
		if r.src.Kind == graph.Error {
			v.Hash = failed(r.code, r.vars(f))
		} else if r.code.Key != nil {
			if key, ok := r.code.Key(tr.key[:0], r.vars(f)); ok {
				v.Hash, v.Size = crc64.Checksum(key, polynomial), int32(len(key))
				tr.key = key[:0]
			}
		}
		out = append(out, v)
	}
	return out
}
