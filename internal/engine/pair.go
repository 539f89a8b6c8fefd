package engine

// Flows that are run both ways: each request under its plan, with the calls of steps noted, and then as written, with its
// calls answered by what was noted.

import (
	"context"
	"fmt"
	"runtime"

	"fluxo.dev/fluxo/graph"
)

// A pair is what a plan knows of being run both ways.
type pair struct {
	journal      *Journal
	own, written *Plan
	params       []ref
	results      []ref
	behind       func(*ran) // is given each request once it has run under its plan
}

// A ran is a request that has run under its plan.
type ran struct {
	engine    *Engine
	ctx       context.Context
	exam      *exam
	frame     *Frame // with its results
	arguments []any  // copies
	raised    *raised
}

// bothWays compiles a flow to be run under planned and as written, for a purpose.
func (e *Engine) bothWays(s *Source, planned *graph.Graph, walked func(graph.FlowName) bool, why purpose) (*Plan, *pair, error) {
	own, err := e.compile(s, planned, walked, why)
	if err != nil {
		return nil, nil, err
	}
	why.written, why.probe = true, why.journal.traces
	written, err := e.compile(s, s.Graph, walked, why)
	if err != nil {
		return nil, nil, err
	}
	v := &pair{journal: why.journal, own: own, written: written}
	for i := range own.vars {
		r := ref{variable: &own.vars[i], index: i}
		switch r.src.Role {
		case graph.Param:
			if r.src.Kind != graph.Context && r.src.Kind != graph.Identity && (r.src.Kind != graph.Data || r.code.Save == nil) {
				return nil, nil, fmt.Errorf("it is given %s, which cannot be copied", r.src.ID)
			}
			v.params = append(v.params, r)
		case graph.Result:
			v.results = append(v.results, r)
		}
	}
	return &Plan{
		engine: e, flow: own.flow, graph: own.graph, scopes: []*scope{{code: own.scopes[0].code}},
		noPool: own.noPool, lasting: own.lasting, pair: v,
	}, v, nil
}

// canReturn fails if what the flow returns cannot be copied.
func (v *pair) canReturn() error {
	for _, r := range v.results {
		if r.code.Save == nil {
			return fmt.Errorf("it returns %s, which cannot be copied", r.src.ID)
		}
	}
	return nil
}

type examKey struct{}

// An examContext tells the flows of a request which exam it is, and which run of it.
type examContext struct {
	context.Context
	exam *exam
}

func (c examContext) Value(key any) any {
	switch key {
	case examKey{}:
		return c.exam
	case followedKey{}:
		return nil // an encoded answer says nothing of the calls it was made from: what it is made of is kept instead
	case recordingKey{}:
		if c.exam.written {
			return nil // nobody keeps what a run as written has
		}
	}
	return c.Context.Value(key)
}

// run runs the flow on f, and has it run as written, too.
func (v *pair) run(e *Engine, ctx context.Context, f *Frame) {
	if ctx != nil {
		if x, ok := ctx.Value(examKey{}).(*exam); ok {
			p := v.own
			if x.written {
				p = v.written
			} else {
				v.journal.reach(v.own.flow)
			}
			p.under(x, ctx, f)
			return
		}
	}
	x := &exam{journal: v.journal, began: e.world.Now(), at: e.world.Elapsed()}
	v.journal.reach(v.own.flow)
	arguments, ok := v.save(f)
	returned := false
	defer func() {
		var r *raised
		if !returned {
			r = outcome(recover())
		}
		if ok {
			v.behind(&ran{e, ctx, x, f, arguments, r})
		} else {
			v.journal.skip()
		}
		switch {
		case r == nil:
		case r.exit:
			runtime.Goexit()
		default:
			panic(r.value)
		}
	}()
	v.tell(f.Vars, x)
	v.own.under(x, examContext{orBackground(ctx), x}, f)
	returned = true
}

func orBackground(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}

// under runs p on f for an exam.
func (p *Plan) under(x *exam, ctx context.Context, f *Frame) {
	g := p.Enter()
	own := g.Vars
	g.Vars = f.Vars
	t := &g.run.thread
	t.exam, t.sampled = x, false
	made := !x.written && !x.journal.traces
	if made {
		t.rec = &recording{} // of what it is made of
	}
	returned := false
	defer func() {
		g.Vars = own
		if made {
			x.made(t.rec.seen().calls)
		}
		if returned {
			p.Leave(g)
		}
	}()
	p.Run(ctx, g)
	returned = true
}

// save copies the arguments.
func (v *pair) save(f *Frame) (values []any, ok bool) {
	for i := range v.params {
		r := &v.params[i]
		if r.code.Save == nil {
			values = append(values, nil)
			continue
		}
		saved, _, ok := r.code.Save(f.Vars)
		if !ok {
			return nil, false
		}
		values = append(values, saved)
	}
	return values, true
}

// tell puts the exam into the flow's contexts. Those of runs that are noted do not end with their request.
func (v *pair) tell(vars any, x *exam) {
	for i := range v.params {
		r := &v.params[i]
		if r.src.Kind != graph.Context || r.code.Save == nil || r.code.Load == nil {
			continue
		}
		saved, _, _ := r.code.Save(vars)
		if c, ok := saved.(context.Context); ok {
			if x.written && v.journal.traces {
				c = context.WithoutCancel(c)
			}
			r.code.Load(vars, examContext{c, x})
		}
	}
}

// given returns a frame for a run as written, with the request's arguments.
func (v *pair) given(q *ran) *Frame {
	g := v.written.scopes[0].frame(nil)
	for i := range v.params {
		if r := &v.params[i]; r.src.Kind == graph.Identity {
			r.code.Move(g.Vars, q.frame.Vars)
		} else if r.code.Load != nil {
			r.code.Load(g.Vars, q.arguments[i])
		}
	}
	return &g
}

// again runs the flow as written on g, for the exam of q, and returns how it ended.
func (v *pair) again(q *ran, g *Frame) *raised {
	v.tell(g.Vars, q.exam)
	q.exam.begin()
	var ended *raised
	over := q.engine.world.NewGate()
	q.engine.world.Go(func() { // Goexit may end it
		defer over.Open()
		returned := false
		defer func() {
			if !returned {
				ended = outcome(recover())
			}
		}()
		v.written.under(q.exam, examContext{context.WithoutCancel(orBackground(q.ctx)), q.exam}, g)
		returned = true
	})
	over.Wait(nil)
	return ended
}
