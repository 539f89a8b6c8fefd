package engine

// A planned graph and the code of its flow, compiled to what the walk runs.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A variable is a variable of the flow with its code.
type variable struct {
	src   *graph.Var
	code  *Var
	scope int   // index of its scope
	parts []int // indexes of its parts, which are set when it is
}

// steady reports whether nobody can change what a value of v refers to while a
// dropped fork may still look at it.
func (v *variable) steady() bool {
	switch v.src.Kind {
	case graph.Context, graph.Error, graph.Identity:
		return true
	}
	return v.code.Flat
}

// A Source is a flow as it was emitted, its graph parsed.
type Source struct {
	Graph   *graph.Graph
	program Program
	nodes   map[graph.NodeID]int // index of its code
	loops   map[graph.NodeID]int // index of its scope
}

// NewSource parses the graph of p and holds p's code against it.
func NewSource(p Program) (*Source, error) {
	g, err := graph.Parse(p.Graph)
	if err != nil {
		return nil, fmt.Errorf("graph in emitted code: %w", err)
	}
	s := &Source{Graph: g, program: p, nodes: map[graph.NodeID]int{}, loops: map[graph.NodeID]int{}}
	s.index(g.Body)
	for _, c := range []struct {
		what       string
		have, want int
	}{
		{"nodes", len(p.Nodes), len(s.nodes)},
		{"variables", len(p.Vars), len(g.Vars)},
		{"frames", len(p.Frames), len(s.loops) + 1},
	} {
		if c.have != c.want {
			return nil, fmt.Errorf("flow %s: emitted code has %d %s, its graph has %d: build the program again", g.Flow, c.have, c.what, c.want)
		}
	}
	return s, nil
}

func (s *Source) index(b *graph.Block) {
	for _, n := range b.Nodes {
		s.nodes[n.ID] = len(s.nodes)
		if n.Kind.IsLoop() {
			s.loops[n.ID] = len(s.loops) + 1
		}
		for _, in := range n.Blocks {
			s.index(in)
		}
	}
}

// Compile makes planned ready to run on the code of its source. walked says of
// other flows that they are under a plan whenever this one runs, so that fills
// see into them.
func (e *Engine) Compile(s *Source, planned *graph.Graph, walked func(graph.FlowName) bool) (*Plan, error) {
	return e.compile(s, planned, walked, purpose{})
}

// Probe makes a flow that runs as written ready to be noted. planned has nothing but
// the author's own concurrency in it.
func (e *Engine) Probe(s *Source, planned *graph.Graph) (*Plan, error) {
	return e.compile(s, planned, func(graph.FlowName) bool { return false }, purpose{probe: true})
}

func params(g *graph.Graph) (ids []graph.VarID) {
	for _, v := range g.Vars {
		if v.Role == graph.Param {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

func errorResults(g *graph.Graph) (ids []graph.VarID) {
	for _, v := range g.Vars {
		if v.Role == graph.Result && v.Kind == graph.Error {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

func (e *Engine) compile(s *Source, planned *graph.Graph, walked func(graph.FlowName) bool, why purpose) (*Plan, error) {
	if what := graph.Differ(s.Graph, graph.Erase(planned)); what != "" {
		return nil, fmt.Errorf("flow %s: the planned graph is not one of this source, and differs first at %s: plan it again", s.Graph.Flow, what)
	}
	c := &compiler{
		engine: e, src: s, walked: walked, purpose: why,
		plan: &Plan{engine: e, flow: s.Graph.Flow, graph: planned, noPool: s.program.NoPool, lasting: lasting(s.Graph)},
		vars: map[graph.VarID]int{},
	}
	c.scopes(planned.Body, 0)
	c.variables()
	flow, top := e.tallies.flow(s.Graph.Flow), place{scopes: []int{0}}
	c.plan.tally, c.plan.total, c.plan.errors = &tally{}, &flow.planned, c.refs(errorResults(s.Graph), top)
	if c.probe {
		c.plan.probe, c.plan.total, c.plan.noted = true, &flow.written, e.traced
		c.plan.params = c.refs(params(s.Graph), top)
	}
	if c.written {
		c.plan.total = &tally{} // nobody waits for it, and what it is answered by takes no time
	} else {
		c.plan.journal = c.purpose.journal
	}
	err := c.try(func() { c.plan.body = c.whole(place{block: planned.Body, scopes: []int{0}}) })
	if err != nil {
		return nil, fmt.Errorf("flow %s: %w", s.Graph.Flow, err)
	}
	return c.plan, nil
}

// A purpose is what a plan is made for beside running.
type purpose struct {
	probe   bool     // its runs are noted
	journal *Journal // it is one of a pair; nil if not
	written bool     // the one as written
}

type compiler struct {
	engine *Engine
	src    *Source
	walked func(graph.FlowName) bool
	purpose
	plan *Plan
	vars map[graph.VarID]int

	departing []graph.NodeID // failure edges that answer for themselves, of the kept blocks so far
}

// A place is where a block stands.
type place struct {
	block  *graph.Block
	scopes []int // the scopes around it, the flow's own first
	top    bool  // it is the body of an each
}

// within returns the place of a block of one of p's nodes.
func (p place) within(b *graph.Block) place { return place{block: b, scopes: p.scopes} }

func (p place) scope() int { return p.scopes[len(p.scopes)-1] }

// refused is a planned graph that cannot be run.
type refused struct{ error }

func (c *compiler) refuse(format string, args ...any) { panic(refused{fmt.Errorf(format, args...)}) }

func (c *compiler) try(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			no, ok := r.(refused)
			if !ok {
				panic(r)
			}
			err = no.error
		}
	}()
	f()
	return nil
}

// scopes makes the scopes of the flow and its loops.
func (c *compiler) scopes(b *graph.Block, depth int) {
	if depth == 0 && c.plan.scopes == nil {
		c.plan.scopes = make([]*scope, len(c.src.program.Frames))
		c.plan.scopes[0] = &scope{code: c.src.program.Frames[0]}
	}
	for _, n := range b.Nodes {
		d := depth
		if n.Kind.IsLoop() {
			i := c.src.loops[n.ID]
			d++
			c.plan.scopes[i] = &scope{code: c.src.program.Frames[i], depth: d}
		}
		for _, in := range n.Blocks {
			c.scopes(in, d)
		}
	}
}

func (c *compiler) variables() {
	for i, v := range c.src.Graph.Vars {
		c.vars[v.ID] = i
		scope := 0
		if v.Scope != "" {
			scope = c.src.loops[v.Scope]
		}
		c.plan.vars = append(c.plan.vars, variable{src: v, code: &c.src.program.Vars[i], scope: scope})
	}
	for i, v := range c.src.Graph.Vars {
		if v.Of != "" {
			whole := &c.plan.vars[c.vars[v.Of]]
			whole.parts = append(whole.parts, i)
		}
	}
}

// whole compiles the block of a place.
func (c *compiler) whole(at place) block { return c.block(at, 0, len(at.block.Nodes)-1) }

// block compiles the nodes from..to of a place.
func (c *compiler) block(at place, from, to int) block {
	spans := c.spans(at, from, to)
	var b block
	for i := from; i <= to; {
		s := beginningAt(spans, i)
		if s == nil {
			b.ops = append(b.ops, c.op(at, i, spans))
			i++
			continue
		}
		s.region.block = c.block(at, s.first, s.last)
		b.ops = append(b.ops, op{node: &node{kind: regionKind, region: s.region}})
		i = s.last + 1
	}
	for _, s := range spans {
		b.starts = append(b.starts, s.region.slot)
	}
	otherwise(b.ops)
	return b
}

// op compiles the node at i of a place.
func (c *compiler) op(at place, i int, spans []span) op {
	n := at.block.Nodes[i]
	m := &node{id: n.ID, src: n, kind: n.Kind}
	m.onExit = c.indexes(n.Out, n.Edit)
	m.onNext = c.stays(n)
	if k, ok := c.src.nodes[n.ID]; ok {
		m.code, m.number = c.src.program.Nodes[k], int32(k)
	}
	if c.probe {
		m.sets, m.setsOn = c.refsOf(m.onExit, at), c.refsOf(m.onNext, at)
	}
	o := op{node: m}
	switch n.Kind {
	case graph.Start:
		for _, s := range spans {
			if s.start == i {
				m.region = s.region
			}
		}
	case graph.Branch:
		for _, b := range n.Blocks {
			m.blocks = append(m.blocks, c.whole(at.within(b)))
		}
	case graph.Each, graph.Fold:
		m.loop = c.loop(n, at)
	case graph.Stored:
		m.kept, m.decision = c.kept(at, i), lineOf(storeVerb, n)
		if n.Answer {
			m.decision = answerVerb
		}
	case graph.Shared:
		m.common, m.decision = c.common(at, i), lineOf(shareVerb, n)
	case graph.Hedged:
		m.hedge, m.decision = c.hedge(at, i), lineOf(hedgeVerb, n)
	default:
		m.reads = c.reading(n)
		m.reads.standIn = c.standIn(at, i)
		m.vow = c.vow(at, i)
		m.departs = c.departure(n, at)
		c.examine(n, m, at)
		o.run = m.code.Run
	}
	return o
}

// stays returns what n has set when the walk goes on to the next node. A
// failure edge has not run then, and what else may exit sets results only if it
// does.
func (c *compiler) stays(n *graph.Node) []int {
	sets := c.indexes(n.Out, n.Edit)
	return slices.DeleteFunc(sets, func(i int) bool {
		return n.Kind == graph.Fail || n.Exits != 0 && c.plan.vars[i].src.Role == graph.Result
	})
}

// loop compiles the body of an each or a fold.
func (c *compiler) loop(n *graph.Node, at place) *loop {
	i := c.src.loops[n.ID]
	l := &loop{scope: c.plan.scopes[i]}
	inner := place{block: n.Blocks[0], scopes: append(slices.Clone(at.scopes), i), top: n.Kind == graph.Each}
	l.body = c.whole(inner)
	if c.probe {
		l.sets = c.refs(n.Out, inner)
	}
	for _, o := range l.body.ops {
		if o.node.kind != graph.Start {
			break
		}
		if r := o.node.region; r.ahead > 0 {
			l.early = append(l.early, r)
			l.ahead = max(l.ahead, r.ahead)
		}
	}
	return l
}

// indexes returns the indexes of the variables in lists, each once.
func (c *compiler) indexes(lists ...[]graph.VarID) []int {
	var out []int
	for _, list := range lists {
		for _, id := range list {
			if i := c.vars[id]; !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	return out
}
