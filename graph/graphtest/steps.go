package graphtest

// Random steps: their effects, failure edges and ways out.

import (
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
)

// stepName picks one of few names, so that nodes share them as in real flows.
func (m *maker) stepName() string {
	return []string{"Load", "Find", "Check", "Charge", "Render", "Rank"}[m.r.IntN(6)]
}

func (m *maker) step(s *scope, k graph.Kind) []*graph.Node {
	name := m.stepName()
	n := m.node(s, k, name, 3)
	n.Callee = "example.com/random." + name
	if m.one(12) && !slices.Contains(n.In, "err") {
		n.In = append(n.In, "err") // a wrapped error
	}
	n.In = append([]graph.VarID{"ctx"}, n.In...)
	n.Effects = m.effects(n)
	n.Panics = m.one(10)
	n.Out = []graph.VarID{m.target(s)}
	if m.one(4) {
		return []*graph.Node{n}
	}
	n.Err, n.Out = "err", append(n.Out, "err")
	if m.one(5) {
		return []*graph.Node{n} // the error is dropped, or tested by a branch
	}
	return []*graph.Node{n, m.fail(s, n)}
}

func (m *maker) fail(s *scope, of *graph.Node) *graph.Node {
	m.left--
	n := &graph.Node{ID: of.ID + ".fail", Kind: graph.Fail, In: []graph.VarID{"err"}, Err: "err", Pos: of.Pos, Text: "if err != nil { … }"}
	n.Exits, n.Loops = m.exit(s)
	if n.Exits == graph.Return {
		n.Out = []graph.VarID{"out.0", "out.1"}
		m.answer(s, n)
	} else if m.one(2) {
		n.Out = []graph.VarID{m.known(s)}
	}
	return n
}

// answer lets a failure edge that returns do, now and then, what handlers do there: write to
// the response, or look into the context.
func (m *maker) answer(s *scope, n *graph.Node) {
	switch m.r.IntN(4) {
	case 0:
		n.In = append(n.In, "w")
		n.Edit, n.Effects = []graph.VarID{"w"}, []graph.Effect{{Class: graph.LocalTo}}
	case 1:
		n.In = append(n.In, "ctx")
	default:
		return
	}
	for _, id := range m.some(s.visible, 2) {
		n.In = add(n.In, id)
	}
}

// exit picks a way out that is legal in s.
func (m *maker) exit(s *scope) (graph.Exits, int) {
	if len(s.loops) == 0 || m.one(2) {
		return graph.Return, 0
	}
	return []graph.Exits{graph.Break, graph.Continue}[m.r.IntN(2)], m.r.IntN(len(s.loops))
}

// effects gives a step of node n one class, rarely two.
func (m *maker) effects(n *graph.Node) (all []graph.Effect) {
	for more := true; more; more = m.one(10) {
		e := graph.Effect{Class: []graph.Class{graph.Pure, graph.Reads, graph.Reads, graph.Volatile, graph.Volatile, graph.Writes, graph.Acts, graph.Opaque}[m.r.IntN(8)]}
		switch e.Class {
		case graph.Pure:
			return all
		case graph.Volatile:
			e.For = time.Duration(m.r.IntN(3)) * time.Minute
			e.OnError = time.Duration(m.r.IntN(2)) * time.Hour
		case graph.Reads, graph.Writes:
			e.Data = []graph.DataKey{m.dataKey(n)}
			if e.Class == graph.Reads {
				e.Within = time.Duration(m.r.IntN(2)) * time.Second
			}
		case graph.Acts:
			e.Idempotent, e.Deferrable, e.Unordered = m.one(3), m.one(3), m.one(3)
		}
		if m.one(6) {
			e.Errors = []string{"NotFound"}
		}
		if m.one(20) {
			e.Hidden = "context key userKey"
		}
		all = append(all, e)
	}
	return all
}

func (m *maker) dataKey(n *graph.Node) graph.DataKey {
	k := graph.DataKey{Name: []string{"posts", "likes"}[m.r.IntN(2)]}
	if len(n.In) > 1 && m.one(2) {
		k.Parts = append(k.Parts, string(n.In[1]))
	} else if m.one(2) {
		k.Parts = append(k.Parts, []string{"=de", "=fr"}[m.r.IntN(2)])
	}
	return k
}
