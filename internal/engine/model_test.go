package engine_test

// A model of steps: what a flow's graph computes when nobody wrote code for it.

import (
	"fmt"
	"hash/fnv"
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/graph/interp"
)

// A model is an interp.Host in which every value is a hash of what it depends on.
// What steps do to the outside is noted in order.
type model struct {
	seed     uint64
	request  int
	written  map[string]int
	history  []string
	response []uint64
	during   func(n *graph.Node) // called while a step is under way
	took     func(h uint64)      // called then, too, with the hash of the step and what it reads
	write    func(n *graph.Node, f func())
	changes  func(n *graph.Node) bool // what it returns is another thing each time; nil for nothing
	calls    int                      // of those
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
	if m.changes != nil && m.changes(n) {
		m.calls++
		h = m.hash(h, m.calls)
	}
	if n.Kind == graph.Step || n.Kind == graph.Call {
		m.write(n, func() {
			m.acts(n, h)
			if m.during != nil {
				m.during(n)
			}
			if m.took != nil {
				m.took(h)
			}
		})
	}
	if n.Panics && m.hash(h, "panics")%12 == 0 {
		panic(fmt.Sprint(n.ID, " panics"))
	}
	if n.Kind == graph.Fresh && m.changes == nil {
		h = m.hash("fresh", n.ID, m.request)
	}
	exit := m.exit(n, h)
	for _, id := range n.Edit {
		if id == "w" {
			m.response = append(m.response, h)
		}
		env.Set(id, m.hash(h, id, "edited"))
	}
	set := map[graph.VarID]bool{}
	for _, id := range n.Out {
		whole, isPart := graphtest.WholeOf(n, id)
		switch {
		case isPart && set[whole]:
			env.Set(id, graphtest.Part(env.Get(whole), id))
		case isPart:
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
			set[id] = true
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
		if whole, ok := graphtest.WholeOf(n, id); ok {
			env.Set(id, graphtest.Part(env.Get(whole), id))
		}
	}
	return at.i <= at.n
}

func (m *model) Defer(n *graph.Node, env *interp.Env) func() {
	h := m.of(n, env)
	return func() { m.history = append(m.history, fmt.Sprintf("deferred %s %x", n.ID, h)) }
}
