package sim

// The code of nodes: each does what it did when it was recorded.

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// errRaised is what nodes raise here.
var errRaised = errors.New("raised")

// A kindError stands for an error of its kind.
type kindError string

func (e kindError) Error() string { return string(e) }

// failure returns the value of an error variable.
func failure(err error) value {
	v := value{err: err}
	if err != nil {
		v.hash = 1
		for _, c := range []byte(err.Error()) {
			v.hash = (v.hash ^ uint64(c)) * 1099511628211
		}
	}
	return v
}

func (r *replay) code(fl *flow, n *node) engine.Code {
	switch {
	case n.Kind.IsLoop():
		return r.loopCode(fl, n)
	case n.Kind == graph.Branch:
		return engine.Code{Pick: func(t *engine.Thread, f *engine.Frame) int {
			v, _, took := r.visit(fl, n, t, f)
			r.world.compute(took)
			n.set(f, v)
			return int(v.Block)
		}}
	case n.Kind == graph.Fail:
		return engine.Code{Run: func(t *engine.Thread, f *engine.Frame) engine.Exit { return r.fail(fl, n, t, f) }}
	case n.Kind == graph.Call:
		return engine.Code{Run: func(t *engine.Thread, f *engine.Frame) engine.Exit { return r.call(fl, n, t, f) }}
	}
	waits := n.waits()
	return engine.Code{Data: fl.reading(n), Run: func(t *engine.Thread, f *engine.Frame) engine.Exit {
		v, _, took := r.visit(fl, n, t, f)
		if waits {
			writes := fl.keys(n, graph.Writes, f)
			if n.Kind == graph.Defer {
				ctx := n.context(t, f)
				t.Defer(func() { r.wait(n, writes, took, ctx) })
				return engine.Next
			}
			if !r.wait(n, writes, took, n.context(t, f)) {
				n.failWith(t, f, context.Canceled)
				return engine.Next
			}
		} else {
			r.world.compute(took)
		}
		if r.options.Down[n.Callee] {
			n.failWith(t, f, errDown)
			return engine.Next
		}
		if v.Exit == profile.Raised {
			panic(errRaised)
		}
		if n.Err != "" && v.Kind != "" {
			t.Failed(kindError(v.Kind))
		}
		n.set(f, v)
		return engine.Exit(v.Exit)
	}}
}

// wait calls a step that waits and writes named data, which takes so long once it is its turn; false if ctx ends before that.
func (r *replay) wait(n *node, writes []engine.DataKey, took time.Duration, ctx context.Context) (ended bool) {
	err := r.act(n, writes, ctx, func(ctx context.Context) { ended = r.elapse(n, took, ctx) })
	return ended && err == nil
}

// act has a step's words act around f, as the engine does in the service.
func (r *replay) act(n *node, writes []engine.DataKey, ctx context.Context, f func(context.Context)) error {
	if n.Limit == 0 && len(writes) == 0 {
		f(ctx)
		return nil
	}
	acts := r.acts[n.Callee]
	if acts == nil {
		acts = &engine.Acts{Step: n.Callee, Limit: n.Limit, Writes: n.dataOf(graph.Writes), Engine: r.engine}
		r.acts[n.Callee] = acts
	}
	return acts.Do(ctx, func() []engine.DataKey { return writes }, func(ctx context.Context) error {
		f(ctx)
		return nil
	})
}

// elapse is wait without words that act.
func (r *replay) elapse(n *node, took time.Duration, ctx context.Context) (ended bool) {
	r.called(n.Callee)
	r.world.compute(r.trace.costs.Call)
	var done <-chan struct{}
	if ctx != nil {
		done = ctx.Done()
	}
	return r.world.sleepUntil(max(r.slower(n.Callee, took)-r.trace.costs.Call, 0), done) // what was recorded includes the cost
}

// context returns the context under which a step is called; nil if it gets none.
func (n *node) context(t *engine.Thread, f *engine.Frame) context.Context {
	for _, p := range n.in {
		if c := p.of(f).ctx; p.Kind == graph.Context && c != nil {
			return t.Context(c)
		}
	}
	return nil
}

// waits reports whether a node's time goes by elsewhere: it asks something outside the
// process.
func (n *node) waits() bool {
	return slices.ContainsFunc(n.Effects, func(e graph.Effect) bool {
		return e.Class != graph.Pure && e.Class != graph.LocalTo && e.Class != graph.Observes
	})
}

// visit returns what the node does in this run and how long it takes, and of a call of a flow
// what goes on in it.
func (r *replay) visit(fl *flow, n *node, t *engine.Thread, f *engine.Frame) (v *profile.Visit, called *scene, took time.Duration) {
	r.out.Nodes++
	ins := n.ins(f)
	s := f.Vars.(*held).scene
	var own *visited
	if s != nil {
		own = &s.visits[n.local]
		called = own.called
	}
	if own != nil && own.Visit != nil {
		v = own.Visit
		if own.ins != ins {
			v = fl.usual.with(n, ins, v)
		}
		if isSecond(t, f) && n.waits() {
			s = nil // whatever kept the first try, the second has luck of its own
		}
		return v, called, r.took(fl, n, s, v)
	}
	v, known := fl.usual.without(n, ins)
	if known && !r.trace.drawn && !isSecond(t, f) {
		return v, called, v.Took
	}
	return v, called, r.took(fl, n, nil, v)
}

// isSecond reports whether t works for the second try of a hedged block, in this flow or one that calls
// it.
func isSecond(t *engine.Thread, f *engine.Frame) bool {
	for f.Up != nil {
		f = f.Up
	}
	return t.IsSecond() || f.Vars.(*held).again
}

// set sets the variables that a visit did.
func (n *node) set(f *engine.Frame, v *profile.Visit) {
	for _, s := range v.Sets {
		p, ok := n.vars[s.Var]
		if !ok {
			continue
		}
		to := p.of(f)
		switch p.Kind {
		case graph.Error:
			*to = failure(nil)
			if s.Hash != 0 {
				*to = failure(kindError(cmp.Or(v.Kind, profile.AnyError)))
			}
		case graph.Context:
			*to = value{ctx: context.Background()}
		default:
			*to = value{hash: s.Hash, size: s.Size}
		}
	}
}

// fail takes a failure edge if its error is there, whether or not it was recorded so.
func (r *replay) fail(fl *flow, n *node, t *engine.Thread, f *engine.Frame) engine.Exit {
	for _, p := range n.in {
		if p.ID == n.Err && p.of(f).err == nil {
			return engine.Next
		}
	}
	v, _, _ := r.visit(fl, n, t, f)
	if v.Exit != int32(engine.Next) {
		n.set(f, v)
		return engine.Exit(v.Exit)
	}
	n.passOn(f)
	switch {
	case n.Exits&graph.Continue != 0:
		return engine.ContinueOut(0)
	case n.Exits&graph.Break != 0:
		return engine.BreakOut(0)
	}
	return engine.Return
}

// loopCode runs as many iterations as were recorded.
func (r *replay) loopCode(fl *flow, n *node) engine.Code {
	type cursor struct{ left []*scene }
	return engine.Code{
		Begin: func(t *engine.Thread, f *engine.Frame) any {
			c := &cursor{}
			if s := f.Vars.(*held).scene; s != nil {
				c.left = s.visits[n.local].iterations
			}
			return c
		},
		More: func(t *engine.Thread, at any, it, prev *engine.Frame) bool {
			c := at.(*cursor)
			if len(c.left) == 0 {
				return false
			}
			s := c.left[0]
			c.left = c.left[1:]
			it.Vars.(*held).scene = s
			n.begin(it, s)
			return true
		},
	}
}

// begin sets the variables with which an iteration begins.
func (n *node) begin(it *engine.Frame, s *scene) {
	for _, v := range s.begins {
		if p, ok := n.vars[v.Var]; ok {
			*p.of(it) = value{hash: v.Hash, size: v.Size}
		}
	}
}

// call runs a flow that the source calls.
func (r *replay) call(fl *flow, n *node, t *engine.Thread, f *engine.Frame) engine.Exit {
	v, called, took := r.visit(fl, n, t, f)
	callee := r.flows[graph.FlowName(n.Callee)]
	if called == nil || callee == nil {
		_ = r.act(n, fl.keys(n, graph.Writes, f), nil, func(context.Context) { r.world.sleep(took) }) // without a context it is not refused
		n.set(f, v)
		return engine.Exit(v.Exit)
	}
	ctx := context.Background()
	for _, p := range n.in {
		if c := p.of(f).ctx; p.Kind == graph.Context && c != nil {
			ctx = c
		}
	}
	if v.Exit == profile.Raised && len(called.run.Visits) == 0 {
		panic(errRaised)
	}
	out := r.runFlow(t.Context(ctx), callee, called, isSecond(t, f))
	n.set(f, v)
	r.results(fl, n, f, v, out)
	for _, o := range out {
		if o.err != nil {
			t.Failed(o.err)
		}
	}
	return engine.Exit(v.Exit)
}

// results passes what a flow returned on to the variables that its call sets.
func (r *replay) results(fl *flow, n *node, f *engine.Frame, v *profile.Visit, out []value) {
	sets := graph.Wholes(fl.graph, n.Out)
	if len(sets) != len(out) {
		return
	}
	for i, id := range sets {
		for _, p := range n.vars {
			if p.ID == id {
				*p.of(f) = out[i]
			}
		}
	}
}

// slower is what a call takes beside the upstreams that the replay supposes.
func (r *replay) slower(callee string, took time.Duration) time.Duration {
	if k, ok := r.options.Slower[callee]; ok {
		return time.Duration(float64(took) * k)
	}
	return time.Duration(float64(took) * max(r.options.SlowerAll, 0))
}
