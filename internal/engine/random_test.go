package engine_test

// Random graphs under random legal plans, against the reference meaning.

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/graph/interp"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/simworld"
)

// A model is an interp.Host in which every value is a hash of what it depends on.
// What steps do to the outside is noted in order.
type model struct {
	seed    uint64
	request int
	written map[string]int
	history []string
	during  func(n *graph.Node) // called while a step is under way
	write   func(n *graph.Node, f func())
}

// A failure is an error of a model.
type failure uint64

func (f failure) Error() string { return fmt.Sprint("failure ", uint64(f)) }

func kindOf(err error) string {
	if f, ok := err.(failure); ok && f%2 == 0 {
		return "NotFound"
	}
	return ""
}

func (m *model) hash(parts ...any) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, m.seed, parts)
	x := h.Sum64()
	return (x ^ x>>29) >> 2
}

// of hashes a node with what it reads; contexts are no input.
func (m *model) of(n *graph.Node, env *interp.Env) uint64 {
	parts := []any{n.ID}
	for _, id := range n.In {
		if id != "ctx" && (id != n.Err || n.Kind == graph.Fail) {
			parts = append(parts, env.Get(id))
		}
	}
	for _, e := range n.Effects {
		if e.Class == graph.Reads {
			for _, k := range e.Data {
				parts = append(parts, m.written[k.Name])
			}
		}
	}
	return m.hash(parts...)
}

func (m *model) acts(n *graph.Node, h uint64) {
	for _, e := range n.Effects {
		switch e.Class {
		case graph.Writes:
			for _, k := range e.Data {
				m.written[k.Name]++
			}
		case graph.Acts, graph.Opaque:
		default:
			continue
		}
		m.history = append(m.history, fmt.Sprintf("%v %s %x", e.Class, n.ID, h))
	}
}

func (m *model) Run(n *graph.Node, env *interp.Env) interp.Exit {
	h := m.of(n, env)
	if n.Kind == graph.Step || n.Kind == graph.Call {
		m.write(n, func() {
			m.acts(n, h)
			m.during(n)
		})
	}
	if n.Panics && m.hash(h, "panics")%12 == 0 {
		panic(fmt.Sprint(n.ID, " panics"))
	}
	if n.Kind == graph.Fresh {
		h = m.hash("fresh", n.ID, m.request)
	}
	exit := m.exit(n, h)
	for _, id := range n.Edit {
		env.Set(id, m.hash(h, id, "edited"))
	}
	for _, id := range n.Out {
		switch {
		case id == n.Err && n.Kind != graph.Fail:
			env.Set(id, nil)
			if m.hash(h, "fails")%4 == 0 {
				env.Set(id, failure(m.hash(h, "error")))
			}
		case slices.Contains(n.In, id) && m.hash(h, id)%2 == 0:
		case exit == interp.Next && n.Exits != 0 && (id == "out.0" || id == "out.1"):
		case id == "out.1":
			env.Set(id, failure(m.hash(h, "error")))
		default:
			env.Set(id, m.hash(h, id))
		}
	}
	return exit
}

func (m *model) exit(n *graph.Node, h uint64) interp.Exit {
	if n.Exits == 0 || n.Kind == graph.Glue && m.hash(h, "stays")%2 == 0 {
		return interp.Next
	}
	for _, way := range []graph.Exits{graph.Return, graph.Break, graph.Continue} {
		if n.Exits&way != 0 {
			e := interp.Exit{Way: way}
			if way != graph.Return {
				e.Loops = n.Loops
			}
			return e
		}
	}
	return interp.Next
}

func (m *model) Pick(n *graph.Node, env *interp.Env) int {
	h := m.of(n, env)
	if n.Total {
		return int(h % uint64(len(n.Blocks)))
	}
	return int(h%uint64(len(n.Blocks)+1)) - 1
}

type modelCursor struct {
	h    uint64
	i, n int
}

func (m *model) Begin(n *graph.Node, env *interp.Env) any {
	h := m.of(n, env)
	return &modelCursor{h: h, n: int(h % 5)}
}

func (m *model) More(n *graph.Node, c any, env, prev *interp.Env) bool {
	at := c.(*modelCursor)
	at.i++
	for _, id := range n.Out {
		env.Set(id, m.hash(at.h, at.i, id))
	}
	return at.i <= at.n
}

func (m *model) Defer(n *graph.Node, env *interp.Env) func() {
	h := m.of(n, env)
	return func() { m.history = append(m.history, fmt.Sprintf("deferred %s %x", n.ID, h)) }
}

// An outcome is all that can be seen of one request.
type outcome struct {
	results [2]any
	panic   any
	history []string
}

func params(seed uint64, request int) map[graph.VarID]any {
	m := &model{seed: seed}
	out := map[graph.VarID]any{"ctx": context.Background(), "srv": "server", "w": m.hash("w", request)}
	for _, id := range []graph.VarID{"a", "b"} {
		out[id] = m.hash(id, request%2) // every other request has the same
	}
	return out
}

const requests = 4

// reference runs the requests one after another as the source says.
func reference(g *graph.Graph, seed uint64) (all []outcome) {
	m := &model{seed: seed, written: map[string]int{}, during: func(*graph.Node) {}, write: func(_ *graph.Node, f func()) { f() }}
	for i := range requests {
		env := interp.NewEnv(g, "", nil)
		for id, v := range params(seed, i) {
			env.Set(id, v)
		}
		m.history, m.request = nil, i
		var o outcome
		func() {
			defer func() { o.panic = recover() }()
			interp.Run(g, m, env)
		}()
		if o.panic == nil {
			o.results = [2]any{env.Get("out.0"), env.Get("out.1")}
		}
		o.history = m.history
		all = append(all, o)
	}
	return all
}

// A holder is the Vars of a frame of a random flow.
type holder struct{ vars map[graph.VarID]any }

func (h *holder) get(id graph.VarID) any { return h.vars[id] }

func (h *holder) set(id graph.VarID, v any) {
	if h.vars == nil {
		h.vars = map[graph.VarID]any{}
	}
	h.vars[id] = v
}

// program makes the code of a random graph: what emitted code would be.
func program(g *graph.Graph, m *model) engine.Program {
	p := engine.Program{Graph: g.String()}
	scopes := []graph.NodeID{""}
	newVars := func() any { return new(holder) }
	p.Frames = append(p.Frames, newVars)
	for _, v := range g.Vars {
		p.Vars = append(p.Vars, variableCode(v))
	}
	for at := range g.Places() {
		n := at.Node
		var around []graph.NodeID
		for up := at.Up; up != nil; up = up.Up {
			if up.Node.Kind.IsLoop() {
				around = append([]graph.NodeID{up.Node.ID}, around...)
			}
		}
		around = append([]graph.NodeID{""}, around...)
		if n.Kind.IsLoop() {
			scopes = append(scopes, n.ID)
			p.Frames = append(p.Frames, newVars)
		}
		p.Nodes = append(p.Nodes, nodeCode(g, n, around, m))
	}
	return p
}

func variableCode(v *graph.Var) engine.Var {
	id := v.ID
	code := engine.Var{
		Move: func(dst, src any) { dst.(*holder).set(id, src.(*holder).get(id)) },
		Flat: v.Alias == "",
	}
	if v.Key {
		code.Key = func(b []byte, vars any) ([]byte, bool) {
			return fmt.Appendf(b, "%v|", vars.(*holder).get(id)), true
		}
	}
	if v.Copy || v.Kind == graph.Error || v.Kind == graph.Context {
		code.Save = func(vars any) (any, int, bool) { return vars.(*holder).get(id), 16, true }
		code.Load = func(vars, saved any) { vars.(*holder).set(id, saved) }
	}
	return code
}

// nodeCode runs a node of the model on a copy of the variables around it.
func nodeCode(g *graph.Graph, n *graph.Node, around []graph.NodeID, m *model) engine.Code {
	env := func(f *engine.Frame) *interp.Env {
		var e *interp.Env
		frames := make([]*engine.Frame, len(around))
		for i := len(around) - 1; i >= 0; i-- {
			frames[i], f = f, f.Up
		}
		for i, scope := range around {
			e = interp.NewEnv(g, scope, e)
			for _, v := range g.Vars {
				if v.Scope == scope {
					e.Set(v.ID, frames[i].Vars.(*holder).get(v.ID))
				}
			}
		}
		return e
	}
	back := func(e *interp.Env, f *engine.Frame) {
		for i := len(around) - 1; i >= 0; i, f = i-1, f.Up {
			for _, id := range slices.Concat(n.Out, n.Edit) {
				if g.Var(id).Scope == around[i] {
					f.Vars.(*holder).set(id, e.Get(id))
				}
			}
		}
	}
	switch n.Kind {
	case graph.Branch:
		return engine.Code{Pick: func(_ *engine.Thread, f *engine.Frame) int { return m.Pick(n, env(f)) }}
	case graph.Each, graph.Fold:
		return engine.Code{
			Begin: func(_ *engine.Thread, f *engine.Frame) any { return m.Begin(n, env(f)) },
			More: func(_ *engine.Thread, c any, it, _ *engine.Frame) bool {
				e := interp.NewEnv(g, n.ID, nil)
				more := m.More(n, c, e, nil)
				for _, id := range n.Out {
					it.Vars.(*holder).set(id, e.Get(id))
				}
				return more
			},
		}
	case graph.Defer:
		return engine.Code{Run: func(t *engine.Thread, f *engine.Frame) engine.Exit {
			t.Defer(m.Defer(n, env(f)))
			return engine.Next
		}}
	}
	return engine.Code{Run: func(t *engine.Thread, f *engine.Frame) engine.Exit {
		e := env(f)
		if n.Kind == graph.Fail && e.Get(n.Err) == nil {
			return engine.Next
		}
		exit := m.Run(n, e)
		back(e, f)
		if n.Kind != graph.Fail && n.Err != "" {
			err, _ := e.Get(n.Err).(error)
			t.Failed(err)
		}
		switch exit.Way {
		case graph.Return:
			return engine.Return
		case graph.Break:
			return engine.BreakOut(exit.Loops)
		case graph.Continue:
			return engine.ContinueOut(exit.Loops)
		}
		return engine.Next
	}}
}

// planned runs the requests one after another under a planned graph.
func planned(g, plan *graph.Graph, seed, order uint64) (all []outcome, err error) {
	failed := simworld.Run(order, func(w *simworld.World) {
		e := engine.New(engine.Options{World: w, KindOf: kindOf, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Early: int64(w.Random() % 16)})
		m := &model{seed: seed, written: map[string]int{}}
		m.during = func(*graph.Node) { w.Sleep(nil, time.Duration(w.Random()%5)*time.Millisecond) }
		m.write = func(n *graph.Node, f func()) { writing(e, n, f) }
		var src *engine.Source
		if src, err = engine.NewSource(program(g, m)); err != nil {
			return
		}
		var p *engine.Plan
		p, err = e.Compile(src, plan, func(graph.FlowName) bool { return false })
		if err != nil {
			return
		}
		for i := range requests {
			m.history, m.request = nil, i
			all = append(all, request(p, seed, i))
			all[i].history = m.history
		}
	})
	if err == nil {
		err = failed
	}
	return all, err
}

// writing holds the data that n writes active while f runs.
func writing(e *engine.Engine, n *graph.Node, f func()) {
	a := engine.Acts{Step: n.Callee, Engine: e}
	for _, eff := range n.Effects {
		for _, k := range eff.Data {
			if eff.Class == graph.Writes {
				a.Writes = append(a.Writes, k.Name)
			}
		}
	}
	if len(a.Writes) == 0 {
		f()
		return
	}
	a.Do(nil, nil, func(context.Context) error { f(); return nil })
}

func request(p *engine.Plan, seed uint64, i int) (o outcome) {
	defer func() { o.panic = recover() }()
	f := p.Enter()
	vars := f.Vars.(*holder)
	for id, v := range params(seed, i) {
		vars.set(id, v)
	}
	p.Run(context.Background(), f)
	o.results = [2]any{vars.get("out.0"), vars.get("out.1")}
	p.Leave(f)
	return o
}

// legal returns a random plan of g without what the checker refuses.
func legal(g *graph.Graph, seed uint64) *graph.Graph {
	sole := check.Program{Sole: map[string]bool{"posts": true, "likes": true}}
	plan := graphtest.Plan(g, seed)
	for {
		r := check.Check(g, plan, sole, check.DefaultRules())
		if len(r.Broken) > 0 {
			return g
		}
		refused := r.Refused()
		if len(refused) == 0 {
			return plan
		}
		plan.Body = without(plan.Body, refused)
	}
}

func without(b *graph.Block, ids []graph.NodeID) *graph.Block {
	out := &graph.Block{}
	for _, n := range b.Nodes {
		for i, in := range n.Blocks {
			n.Blocks[i] = without(in, ids)
		}
		switch {
		case !slices.Contains(ids, n.ID):
			out.Nodes = append(out.Nodes, n)
		case n.Kind != graph.Start:
			out.Nodes = append(out.Nodes, n.Blocks[0].Nodes...)
		}
	}
	return out
}

func TestRandomGraphsUnderLegalPlans(t *testing.T) {
	const programs, plans = 400, 6
	ran := map[graph.Kind]int{}
	for seed := range uint64(programs) {
		g := graphtest.Random(seed, 5+int(seed%30))
		want := reference(g, seed)
		for k := range uint64(plans) {
			plan := legal(g, seed*plans+k)
			for at := range plan.Places() {
				ran[at.Node.Kind]++
			}
			got, err := planned(g, plan, seed, k)
			if err != nil {
				t.Fatalf("seed %d, plan %d: %v\n%v", seed, k, err, plan)
			}
			for i := range want {
				if !reflect.DeepEqual(got[i], want[i]) {
					t.Fatalf("seed %d, plan %d, request %d:\ngot  %v\nwant %v\n%v", seed, k, i, got[i], want[i], plan)
				}
			}
		}
	}
	for _, k := range []graph.Kind{graph.Start, graph.Stored, graph.Shared} {
		if ran[k] < programs/4 {
			t.Errorf("only %d nodes of kind %v ran", ran[k], k)
		}
	}
	t.Log(ran)
}
