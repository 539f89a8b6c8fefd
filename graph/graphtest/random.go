// Package graphtest makes random graphs for tests, and a world to run them in.
// Everything is decided by a seed, so that a failure names all it needs.
package graphtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"fluxo.dev/fluxo/graph"
)

// Random returns a sane source graph with about size nodes: nested branches and
// loops, failure edges, exits, deferred calls and effects of every class.
func Random(seed uint64, size int) *graph.Graph {
	m := &maker{r: rand.New(rand.NewPCG(seed, uint64(size))), left: size, names: map[graph.NodeID]int{}}
	m.g = &graph.Graph{Flow: graph.FlowName("example.com/random.Flow" + strconv.FormatUint(seed, 10))}
	m.g.Vars = []*graph.Var{
		{ID: "ctx", Role: graph.Param, Kind: graph.Context, Type: "context.Context"},
		{ID: "srv", Role: graph.Param, Kind: graph.Identity, Type: "*random.Server", Key: true},
		{ID: "w", Role: graph.Param, Kind: graph.Handle, Type: "net/http.ResponseWriter"},
		{ID: "a", Role: graph.Param, Kind: graph.Data, Type: "string", Key: true, Copy: true},
		{ID: "b", Role: graph.Param, Kind: graph.Data, Type: "[]int", Key: true, Copy: true, Alias: "b"},
		{ID: "err", Kind: graph.Error, Type: "error"},
		{ID: "out.0", Role: graph.Result, Kind: graph.Data, Type: "Answer", Key: true, Copy: true},
		{ID: "out.1", Role: graph.Result, Kind: graph.Error, Type: "error"},
	}
	top := &scope{visible: []graph.VarID{"srv", "a", "b"}}
	if m.named = m.one(3); m.named {
		top.visible = append(top.visible, "out.0")
	}
	m.g.Body = m.block(top)
	m.g.Body.Nodes = append(m.g.Body.Nodes, m.result(top))
	return m.g
}

// maxDepth bounds how deep blocks nest.
const maxDepth = 4

type maker struct {
	r     *rand.Rand
	g     *graph.Graph
	left  int // nodes still to make
	names map[graph.NodeID]int
	vars  int
	named bool // the results have names, and are used like other variables
}

// A scope is where the next node will stand.
type scope struct {
	path    string // of the node around, with a slash
	loops   []graph.NodeID
	depth   int
	visible []graph.VarID // variables that may be read, all set
}

func (s *scope) inner(n *graph.Node) *scope {
	in := &scope{path: string(n.ID) + "/", loops: slices.Clone(s.loops), depth: s.depth + 1, visible: slices.Clone(s.visible)}
	if n.Kind.IsLoop() {
		in.loops = append(in.loops, n.ID)
		in.visible = append(in.visible, n.Out...)
	}
	return in
}

// one reports a chance of one in n.
func (m *maker) one(n int) bool { return m.r.IntN(n) == 0 }

func (m *maker) id(s *scope, name string) graph.NodeID {
	id := graph.NodeID(s.path + name)
	m.names[id]++
	if n := m.names[id]; n > 1 {
		id += graph.NodeID("." + strconv.Itoa(n))
	}
	return id
}

func (m *maker) block(s *scope) *graph.Block {
	b := &graph.Block{}
	for n := 1 + m.r.IntN(6); (n > 0 || s.depth == 0) && m.left > 0; n-- {
		b.Nodes = append(b.Nodes, m.nodes(s)...)
	}
	return b
}

// nodes makes a node, and its failure edge if it has one.
func (m *maker) nodes(s *scope) []*graph.Node {
	m.left--
	switch k := m.r.IntN(12); {
	case k < 5:
		return m.step(s, graph.Step)
	case k == 5:
		return m.step(s, graph.Call)
	case k < 8 || s.depth >= maxDepth:
		return []*graph.Node{m.glue(s)}
	case k == 8:
		return []*graph.Node{m.aside(s)}
	case k == 9:
		return []*graph.Node{m.loop(s)}
	}
	return []*graph.Node{m.branch(s)}
}

// node begins a node with variables to read, and its source text.
func (m *maker) node(s *scope, k graph.Kind, name string, most int) *graph.Node {
	n := &graph.Node{ID: m.id(s, name), Kind: k, In: m.some(s.visible, most)}
	n.Pos = graph.Pos{File: "random.go", Line: 1000 - m.left}
	n.Text = fmt.Sprintf("%s := %s(%s)", name, name, n.In)
	return n
}

func (m *maker) some(ids []graph.VarID, most int) (some []graph.VarID) {
	for range m.r.IntN(most + 1) {
		if id := ids[m.r.IntN(len(ids))]; !slices.Contains(some, id) {
			some = append(some, id)
		}
	}
	return some
}

// target is a variable to set: a new one, or one that is known.
func (m *maker) target(s *scope) graph.VarID {
	if m.one(3) {
		return m.newVar(s, "")
	}
	return m.known(s)
}

// known is a visible variable that may be set.
func (m *maker) known(s *scope) graph.VarID {
	if id := s.visible[m.r.IntN(len(s.visible))]; m.g.Var(id).Kind == graph.Data {
		return id
	}
	return "a"
}

func add(ids []graph.VarID, id graph.VarID) []graph.VarID {
	if slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}

// newVar declares a variable of the innermost loop, or of one that is not made yet.
func (m *maker) newVar(s *scope, loop graph.NodeID) graph.VarID {
	m.vars++
	v := &graph.Var{ID: graph.VarID(fmt.Sprintf("v%d", m.vars)), Type: "int", Key: !m.one(8), Copy: !m.one(8)}
	if v.Scope = loop; loop == "" && len(s.loops) > 0 {
		v.Scope = s.loops[len(s.loops)-1]
	}
	if m.one(4) {
		v.Alias = []string{"b", "c"}[m.r.IntN(2)]
	}
	m.g.Vars = slices.Insert(m.g.Vars, len(m.g.Vars)-2, v)
	if loop == "" {
		s.visible = append(s.visible, v.ID)
	}
	return v.ID
}

func (m *maker) glue(s *scope) *graph.Node {
	n := m.node(s, graph.Glue, "glue", 3)
	n.Panics = m.one(6)
	if m.one(4) {
		n.Exits, n.Loops = m.exit(s)
		if n.Exits == graph.Return {
			n.Out = []graph.VarID{"out.0", "out.1"}
		}
	}
	if to := m.known(s); m.one(3) { // what it may leave as it was
		n.Out, n.In = add(n.Out, to), add(n.In, to)
	} else if n.Exits == 0 || m.one(2) {
		n.Out = add(n.Out, m.target(s))
	}
	for _, id := range n.In {
		if m.g.Var(id).Kind == graph.Data && m.one(5) {
			n.Edit = append(n.Edit, id)
		}
	}
	return n
}

// aside makes the rarer kinds: a fresh value, a deferred call, an observation,
// a change of the response.
func (m *maker) aside(s *scope) *graph.Node {
	switch m.r.IntN(4) {
	case 0:
		n := m.node(s, graph.Fresh, "Now", 0)
		n.Callee, n.Out = "time.Now", []graph.VarID{m.target(s)}
		return n
	case 1:
		n := m.node(s, graph.Defer, "defer.Close", 2)
		n.Callee = "example.com/random.Close"
		return n
	case 2:
		n := m.node(s, graph.Step, "Info", 2)
		n.Callee, n.Effects = "log/slog.Info", []graph.Effect{{Class: graph.Observes}}
		return n
	}
	n := m.node(s, graph.Step, "Header", 1)
	n.Callee, n.Effects = "net/http.Header", []graph.Effect{{Class: graph.LocalTo}}
	n.In = append(n.In, "w")
	if m.one(2) {
		n.Edit = []graph.VarID{"w"}
	}
	return n
}

func (m *maker) branch(s *scope) *graph.Node {
	n := m.node(s, graph.Branch, "if", 2)
	n.Total = m.one(2)
	for range 1 + m.r.IntN(3) {
		in := s.inner(n)
		b := m.block(in)
		if m.one(6) {
			b.Nodes = append(b.Nodes, m.result(in))
		}
		n.Blocks = append(n.Blocks, b)
	}
	return n
}

func (m *maker) loop(s *scope) *graph.Node {
	kind := []graph.Kind{graph.Each, graph.Fold}[m.r.IntN(2)]
	n := m.node(s, kind, kind.String(), 1)
	n.Out = []graph.VarID{m.newVar(s, n.ID)}
	n.Blocks = []*graph.Block{m.block(s.inner(n))}
	return n
}

func (m *maker) result(s *scope) *graph.Node {
	n := m.node(s, graph.ResultNode, "return", 3)
	n.Exits = graph.Return
	if !m.named || m.one(2) {
		n.Out = []graph.VarID{"out.0", "out.1"}
	}
	return n
}
