package engine

// Verifying: every request is run under its plan, and then as written, answered by what the steps returned under the
// plan, and the two answers are compared. A plan may only answer what the source could have answered with step
// results that are no older than declared.

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// Verified is what came of verifying.
type Verified struct {
	Requests    int            // that were run both ways
	Alike       int            // of those, whose answers are the same
	Different   int            // those that nothing explains
	Noisy       int            // that differ from themselves, run twice as written
	Undecided   int            // of which the journal does not have all that they may have used
	Asked       int            // calls of steps that no result could stand for
	Reached     map[string]int // runs under the plan, by flow, those in other flows included
	Differences []Difference   // the first ones in full
}

// A Difference is a request whose answer under the plan is none that its source could give.
type Difference struct {
	Flow      string
	Arguments string
	Planned   string // the answer under the plan
	Written   string // as written
	Steps     string // what that was made of
	Why       string `json:",omitempty"`
}

// Report returns what was found so far.
func (j *Journal) Report() Verified {
	j.mu.Lock()
	defer j.mu.Unlock()
	r := j.report
	r.Differences, r.Reached = slices.Clone(r.Differences), maps.Clone(r.Reached)
	return r
}

// verifier is what a plan knows of being verified.
type verifier struct {
	journal      *Journal
	own, written *Plan
	params       []ref
	shown        []ref // of the parameters, to people: contexts have nothing to say
	results      []ref
}

// Verified makes a flow ready to be run both ways: under planned, with its calls noted, and as written. walked says of
// other flows that they are under a plan whenever this one runs.
func (e *Engine) Verified(j *Journal, s *Source, planned *graph.Graph, walked func(graph.FlowName) bool) (*Plan, error) {
	own, err := e.compile(s, planned, walked, purpose{journal: j})
	if err != nil {
		return nil, err
	}
	written, err := e.compile(s, s.Graph, walked, purpose{journal: j, written: true})
	if err != nil {
		return nil, err
	}
	v := &verifier{journal: j, own: own, written: written}
	for i := range own.vars {
		r := ref{variable: &own.vars[i], index: i}
		switch r.src.Role {
		case graph.Param:
			if r.src.Kind != graph.Context && r.src.Kind != graph.Identity && (r.src.Kind != graph.Data || r.code.Save == nil) {
				return nil, fmt.Errorf("it is given %s, which cannot be copied", r.src.ID)
			}
			v.params = append(v.params, r)
			if r.src.Kind == graph.Data {
				v.shown = append(v.shown, r)
			}
		case graph.Result:
			if r.code.Save == nil {
				return nil, fmt.Errorf("it returns %s, which cannot be copied", r.src.ID)
			}
			v.results = append(v.results, r)
		}
	}
	return &Plan{
		engine: e, flow: own.flow, graph: own.graph, scopes: []*scope{{code: own.scopes[0].code}},
		noPool: own.noPool, lasting: own.lasting, verifier: v,
	}, nil
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
		return nil // an encoded answer cannot be compared: what it is made of is kept instead
	case recordingKey{}:
		if c.exam.written {
			return nil // nobody keeps what a run as written has
		}
	}
	return c.Context.Value(key)
}

// run runs the flow on f, and looks whether it could have done the same as written.
func (v *verifier) run(e *Engine, ctx context.Context, f *Frame) {
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
	x := &exam{journal: v.journal, began: e.world.Now()}
	v.journal.reach(v.own.flow)
	arguments, ok := v.save(f)
	shown := show(v.shown, f)
	returned := false
	defer func() {
		var r *raised
		if !returned {
			r = outcome(recover())
		}
		if ok {
			v.compare(e, ctx, x, f, arguments, shown, r)
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
	if !x.written {
		t.rec = &recording{} // of what it is made of
	}
	returned := false
	defer func() {
		g.Vars = own
		if !x.written {
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
func (v *verifier) save(f *Frame) (values []any, ok bool) {
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

// tell puts the exam into the flow's contexts.
func (v *verifier) tell(vars any, x *exam) {
	for i := range v.params {
		r := &v.params[i]
		if r.src.Kind != graph.Context || r.code.Save == nil || r.code.Load == nil {
			continue
		}
		saved, _, _ := r.code.Save(vars)
		if c, ok := saved.(context.Context); ok {
			r.code.Load(vars, examContext{c, x})
		}
	}
}

// again runs the flow as written, and returns the frame with its results and how it ended.
func (v *verifier) again(e *Engine, ctx context.Context, x *exam, f *Frame, arguments []any) (*Frame, *raised) {
	g := v.written.scopes[0].frame(nil)
	for i := range v.params {
		if r := &v.params[i]; r.src.Kind == graph.Identity {
			r.code.Move(g.Vars, f.Vars)
		} else if r.code.Load != nil {
			r.code.Load(g.Vars, arguments[i])
		}
	}
	v.tell(g.Vars, x)
	x.begin()
	var ended *raised
	over := e.world.NewGate()
	e.world.Go(func() { // Goexit may end it
		defer over.Open()
		returned := false
		defer func() {
			if !returned {
				ended = outcome(recover())
			}
		}()
		v.written.under(x, examContext{context.WithoutCancel(orBackground(ctx)), x}, &g)
		returned = true
	})
	over.Wait(nil)
	return &g, ended
}
