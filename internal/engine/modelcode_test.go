package engine_test

// A model's code: what emitted code would be for a graph.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/graph/interp"
	"fluxo.dev/fluxo/internal/engine"
)

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
	p.Frames = append(p.Frames, engine.FrameOf[holder]())
	for _, v := range g.Vars {
		p.Vars = append(p.Vars, variableCode(g, v))
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
			p.Frames = append(p.Frames, engine.FrameOf[holder]())
		}
		p.Nodes = append(p.Nodes, nodeCode(g, n, around, m))
	}
	return p
}

func variableCode(g *graph.Graph, v *graph.Var) engine.Var {
	id := v.ID
	ids := graphtest.Crossing(g, []graph.VarID{id})
	code := engine.Var{
		Move: func(dst, src any) {
			for _, id := range ids {
				dst.(*holder).set(id, src.(*holder).get(id))
			}
		},
		Flat: v.Alias == "",
	}
	if v.Key {
		code.Key = func(b []byte, vars any) ([]byte, bool) {
			return fmt.Appendf(b, "%v|", vars.(*holder).get(id)), true
		}
	}
	if v.Copy || v.Kind == graph.Error || v.Kind == graph.Context {
		code.Save = func(vars any) (any, int, bool) {
			v := vars.(*holder).get(id)
			return copyOf(v), 16, v != uncopied
		}
		code.Load = func(vars, saved any) { vars.(*holder).set(id, copyOf(saved)) }
	}
	if v.Copy && len(ids) > 1 {
		code.Save = func(vars any) (any, int, bool) {
			var all []any
			for _, id := range ids {
				all = append(all, vars.(*holder).get(id))
			}
			return all, 16, true
		}
		code.Load = func(vars, saved any) {
			for i, id := range ids {
				vars.(*holder).set(id, saved.([]any)[i])
			}
		}
	}
	return code
}

// uncopied is content that cannot be copied, in a type that can.
const uncopied = "uncopied"

// copyOf copies the only values with memory that tests have.
func copyOf(v any) any {
	if list, ok := v.([]string); ok {
		return slices.Clone(list)
	}
	return v
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
