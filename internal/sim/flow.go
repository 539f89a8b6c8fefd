package sim

// A flow whose code is a trace: what emitted code would be, over hashes.

import (
	"context"
	"encoding/binary"
	"fmt"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// A flow is one of the service's flows, read for replay.
type flow struct {
	graph  *graph.Graph
	nodes  map[graph.NodeID]*node
	inText []*node
	body   []*node
	vars   []*variable
	scopes []*scope // the flow's own, then one for each loop, in the order of the text
	params []*variable
	result []*variable
	usual  *usual
}

// A scope knows what stands in it.
type scope struct {
	nodes []*node
	vars  int
}

// A variable has its place.
type variable struct {
	*graph.Var
	number int // in the text
	scope  int
	slot   int   // in its scope
	parts  []int // slots of its parts, which go where it goes
}

// A node has its place.
type node struct {
	*graph.Node
	number int   // in the text
	local  int   // in its scope
	chain  []int // scopes around it, the flow's own first
	loop   int   // of a loop: its scope
	in     []place
	blocks [][]*node
	vars   map[int32]place // every variable that it may set, by number
}

// A place is a variable as seen from a node.
type place struct {
	*variable
	up int // frames between
}

// A value is what a variable holds here.
type value struct {
	hash uint64
	size int32
	err  error
	ctx  context.Context
}

// A held is the Vars of a frame.
type held struct {
	scene  *scene
	again  bool // the flow is called by a second try
	values []value
}

func (p place) of(f *engine.Frame) *value { return &frameOf(f, p.up).values[p.slot] }

func frameOf(f *engine.Frame, up int) *held {
	for range up {
		f = f.Up
	}
	return f.Vars.(*held)
}

// newFlow reads a flow's graph.
func newFlow(text string) (*flow, error) {
	g, err := graph.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("graph in the trace: %w", err)
	}
	fl := &flow{graph: g, nodes: map[graph.NodeID]*node{}, scopes: []*scope{{}}, usual: newUsual()}
	scopes := map[graph.NodeID]int{"": 0}
	for at := range g.Places() {
		if at.Node.Kind.IsLoop() {
			scopes[at.Node.ID] = len(fl.scopes)
			fl.scopes = append(fl.scopes, &scope{})
		}
	}
	vars := map[graph.VarID]*variable{}
	for i, v := range g.Vars {
		in := fl.scopes[scopes[v.Scope]]
		one := &variable{Var: v, number: i, scope: scopes[v.Scope], slot: in.vars}
		in.vars++
		if whole := vars[v.Of]; whole != nil {
			whole.parts = append(whole.parts, one.slot)
		}
		vars[v.ID] = one
		fl.vars = append(fl.vars, one)
		switch v.Role {
		case graph.Param:
			fl.params = append(fl.params, one)
		case graph.Result:
			fl.result = append(fl.result, one)
		}
	}
	for at := range g.Places() {
		fl.inText = append(fl.inText, fl.place(at, scopes, vars))
	}
	fl.body = fl.nodesOf(g.Body)
	for _, n := range fl.inText {
		for _, b := range n.Blocks {
			n.blocks = append(n.blocks, fl.nodesOf(b))
		}
	}
	return fl, nil
}

func (fl *flow) nodesOf(b *graph.Block) (nodes []*node) {
	for _, n := range b.Nodes {
		nodes = append(nodes, fl.nodes[n.ID])
	}
	return nodes
}

// A program is a flow in one replay, under its plan.
type program struct {
	*flow
	plan *engine.Plan
}

// source makes the code of a flow for a replay.
func (r *replay) source(fl *flow) (*engine.Source, error) {
	p := engine.Program{Graph: fl.graph.String()}
	for _, v := range fl.vars {
		p.Vars = append(p.Vars, v.code())
	}
	for _, n := range fl.inText {
		p.Nodes = append(p.Nodes, r.code(fl, n))
	}
	for _, s := range fl.scopes {
		p.Frames = append(p.Frames, engine.FrameCode{
			New: func() any { return &held{values: make([]value, s.vars)} },
			Clear: func(vars any) {
				h := vars.(*held)
				h.scene, h.again = nil, false
				clear(h.values)
			},
		})
	}
	return engine.NewSource(p)
}

// place notes where a node and its variables stand.
func (fl *flow) place(at graph.Place, scopes map[graph.NodeID]int, vars map[graph.VarID]*variable) *node {
	n := &node{Node: at.Node, number: len(fl.nodes), vars: map[int32]place{}}
	chain := []int{}
	for up := at.Up; up != nil; up = up.Up {
		if up.Node.Kind.IsLoop() {
			chain = append([]int{scopes[up.Node.ID]}, chain...)
		}
	}
	n.chain = append([]int{0}, chain...)
	in := fl.scopes[n.chain[len(n.chain)-1]]
	n.local = len(in.nodes)
	in.nodes = append(in.nodes, n)
	inner := n.chain
	if n.Kind.IsLoop() {
		n.loop = scopes[n.ID]
		inner = append(append([]int(nil), n.chain...), n.loop)
	}
	seen := func(v *variable, chain []int) (place, bool) {
		for up := range chain {
			if chain[len(chain)-1-up] == v.scope {
				return place{v, up}, true
			}
		}
		return place{}, false
	}
	for _, id := range n.In {
		if p, ok := seen(vars[id], n.chain); ok {
			n.in = append(n.in, p)
		}
	}
	for _, v := range vars {
		if p, ok := seen(v, inner); ok {
			n.vars[int32(v.number)] = p
		}
	}
	fl.nodes[n.ID] = n
	return n
}

// code is that of a variable: its hash is its key.
func (v *variable) code() engine.Var {
	of := func(vars any) *value { return &vars.(*held).values[v.slot] }
	code := engine.Var{
		Flat: v.Alias == "",
		Move: func(dst, src any) {
			d, s := dst.(*held), src.(*held)
			d.values[v.slot] = s.values[v.slot]
			for _, p := range v.parts {
				d.values[p] = s.values[p]
			}
			if d.scene == nil {
				d.scene, d.again = s.scene, s.again // a fork's frames are of the run that began it
			}
		},
	}
	if v.Key || v.Kind == graph.Identity {
		code.Key = func(b []byte, vars any) ([]byte, bool) {
			return binary.LittleEndian.AppendUint64(b, of(vars).hash), true
		}
	}
	switch {
	case v.Kind == graph.Error:
		code.Save = func(vars any) (any, int, bool) { return of(vars).err, 16, true }
		code.Load = func(vars, saved any) {
			err, _ := saved.(error)
			*of(vars) = failure(err)
		}
	case len(v.parts) > 0 && v.Copy:
		code.Save = func(vars any) (any, int, bool) {
			saved := []value{*of(vars)}
			for _, p := range v.parts {
				saved = append(saved, vars.(*held).values[p])
			}
			return saved, int(of(vars).size), true
		}
		code.Load = func(vars, from any) {
			saved := from.([]value)
			*of(vars) = saved[0]
			for i, p := range v.parts {
				vars.(*held).values[p] = saved[1+i]
			}
		}
	case v.Copy || v.Kind == graph.Context:
		code.Save = func(vars any) (any, int, bool) { return *of(vars), int(of(vars).size), true }
		code.Load = func(vars, saved any) { *of(vars) = saved.(value) }
	}
	return code
}

// ins returns one hash of all that a node reads on f.
func (n *node) ins(f *engine.Frame) uint64 {
	return mix(n, func(i int) uint64 { return n.in[i].of(f).hash })
}

// mix returns one hash of all that a node reads.
func mix(n *node, hash func(i int) uint64) uint64 {
	h := uint64(1)
	for i := range n.in {
		if n.in[i].Kind != graph.Context {
			h = profile.Mix(h, hash(i))
		}
	}
	return h
}
