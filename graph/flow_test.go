package graph_test

// Regions held against runs: what Inputs and Outputs say must be enough.

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/graph/interp"
)

// A region is a run of siblings.
type region struct {
	at       graph.Place // of its first node
	from, to int
	nodes    []*graph.Node
}

func randomRegion(g *graph.Graph, seed uint64) region {
	r := rand.New(rand.NewPCG(seed, 9))
	var all []graph.Place
	for at := range g.Places() {
		all = append(all, at)
	}
	at := all[r.IntN(len(all))]
	to := at.Index + r.IntN(len(at.Block.Nodes)-at.Index)
	return region{at, at.Index, to, at.Block.Nodes[at.Index : to+1]}
}

// loops returns the loops inside the region.
func (r region) loops() map[graph.NodeID]bool {
	loops := map[graph.NodeID]bool{}
	for n := range graph.Within(r.nodes...) {
		if n.Kind.IsLoop() {
			loops[n.ID] = true
		}
	}
	return loops
}

// visible lists the variables that live around the region.
func (r region) visible(g *graph.Graph) (ids []graph.VarID) {
	around := map[graph.NodeID]bool{"": true}
	for up := r.at.Up; up != nil; up = up.Up {
		around[up.Node.ID] = true
	}
	for _, v := range g.Vars {
		if around[v.Scope] {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

// marked is g with a node before and one after the region, which do nothing by
// themselves.
func marked(g *graph.Graph, r region) *graph.Graph {
	i := 0
	for at := range g.Places() { // where the region's block is in a copy
		if at.Node == r.at.Node {
			break
		}
		i++
	}
	m := g.Clone()
	for at := range m.Places() {
		if i--; i < 0 {
			b := at.Block
			b.Nodes = slices.Insert(b.Nodes, r.to+1, &graph.Node{ID: "mark.after"})
			b.Nodes = slices.Insert(b.Nodes, r.from, &graph.Node{ID: "mark.before"})
			return m
		}
	}
	panic("bug: no region")
}

// A probe is a world that calls back when the region is entered and left.
type probe struct {
	graphtest.World
	entered, left func(env *interp.Env)
	inside        bool
	depth         map[graph.NodeID]int // loops around each node in the region, within it
	trace         []string
}

func (p *probe) Run(n *graph.Node, env *interp.Env) (exit interp.Exit) {
	switch n.ID {
	case "mark.before":
		p.inside = true
		p.entered(env)
		return interp.Next
	case "mark.after":
		p.leave(env)
		return interp.Next
	}
	panics := true
	defer func() {
		depth, in := p.depth[n.ID]
		if in && (panics || exit.Way == graph.Return || exit.Way != 0 && exit.Loops >= depth) {
			p.leave(env)
		}
	}()
	exit = p.World.Run(n, env)
	panics = false
	line := fmt.Sprint(n.ID, exit)
	for _, id := range n.Out {
		value := env.Get(id)
		if value == garbage || value == nil && id != n.Err {
			value = "as it was"
		}
		line += fmt.Sprint(" ", id, "=", value)
	}
	p.trace = append(p.trace, line)
	return exit
}

func (p *probe) leave(env *interp.Env) {
	if p.inside {
		p.inside = false
		p.left(env)
	}
}

func depths(nodes []*graph.Node, d int, into map[graph.NodeID]int) {
	for _, n := range nodes {
		into[n.ID] = d
		for _, b := range n.Blocks {
			if n.Kind.IsLoop() {
				depths(b.Nodes, d+1, into)
			} else {
				depths(b.Nodes, d, into)
			}
		}
	}
}

func run(g *graph.Graph, p *probe) (out graphtest.Outcome) {
	env := interp.NewEnv(g, "", nil)
	for i, v := range g.Vars {
		if v.Role == graph.Param {
			env.Set(v.ID, graphtest.Value(i))
		}
		if v.Role == graph.Param && v.Of != "" {
			env.Set(v.ID, graphtest.Part(env.Get(v.Of), v.ID))
		}
	}
	defer func() {
		out.Panic, out.History = recover(), p.History
		for _, v := range g.Vars {
			if v.Role == graph.Result && out.Panic == nil {
				out.Results = append(out.Results, env.Get(v.ID))
			}
		}
	}()
	interp.Run(g, p, env)
	return
}

// A run of the region does the same whatever is in the variables that Inputs
// does not name.
func TestInputsAreAllThatARegionReads(t *testing.T) {
	ran := 0
	eachRun(t, func(t *testing.T, seed uint64, g *graph.Graph) {
		r := randomRegion(g, seed)
		inputs := graphtest.Crossing(g, graph.Inputs(g, r.nodes))
		var snapshots []map[graph.VarID]any
		run(marked(g, r), &probe{World: graphtest.World{Seed: seed}, left: func(*interp.Env) {}, entered: func(env *interp.Env) {
			values := map[graph.VarID]any{}
			for _, id := range r.visible(g) {
				values[id] = env.Get(id)
			}
			snapshots = append(snapshots, values)
		}})
		for _, values := range snapshots {
			ran++
			want := runAlone(g, r, seed, values, inputs, nil)
			if got := runAlone(g, r, seed, values, inputs, garbage); !reflect.DeepEqual(got, want) {
				t.Errorf("region %s..%s with inputs %v in\n%s\ngarbage in the others: %q\nnothing: %q", r.nodes[0].ID, r.nodes[len(r.nodes)-1].ID, inputs, g, got, want)
			}
		}
	})
	if ran < seeds/4 {
		t.Errorf("only %d regions were reached", ran)
	}
}

// garbage is what no node sets a variable to.
const garbage = "garbage"

// runAlone runs the region's nodes alone and returns what was seen. The inputs
// begin with their values, the other variables with other.
func runAlone(g *graph.Graph, r region, seed uint64, values map[graph.VarID]any, inputs []graph.VarID, other any) []string {
	alone := &graph.Graph{Flow: g.Flow, Body: &graph.Block{Nodes: r.nodes}}
	loops := r.loops()
	for _, v := range g.Vars {
		v := *v
		if !loops[v.Scope] {
			v.Scope = ""
		}
		alone.Vars = append(alone.Vars, &v)
	}
	env := interp.NewEnv(alone, "", nil)
	for id, value := range values {
		if !slices.Contains(inputs, id) {
			value = other
		}
		env.Set(id, value)
	}
	p := &probe{World: graphtest.World{Seed: seed}}
	func() {
		defer func() {
			if r := recover(); r != nil {
				p.trace = append(p.trace, fmt.Sprint("panic ", r))
			}
		}()
		interp.Run(alone, p, env)
	}()
	return p.trace
}

// What a region sets and Outputs does not name may be anything afterwards.
func TestOutputsAreAllThatIsReadAfterwards(t *testing.T) {
	ran, scrambled := 0, 0
	eachRun(t, func(t *testing.T, seed uint64, g *graph.Graph) {
		r := randomRegion(g, seed)
		outputs := graphtest.Crossing(g, graph.Outputs(g, r.at.Block, r.from, r.to))
		changed := slices.Concat(graph.SetsOf(r.nodes...), graph.EditsOf(r.nodes...))
		depth := map[graph.NodeID]int{}
		depths(r.nodes, 0, depth)
		m := marked(g, r)
		do := func(left func(env *interp.Env)) graphtest.Outcome {
			return run(m, &probe{World: graphtest.World{Seed: seed}, depth: depth, left: left, entered: func(*interp.Env) {}})
		}
		want := do(func(*interp.Env) { ran++ })
		got := do(func(env *interp.Env) {
			for _, id := range r.visible(g) {
				if slices.Contains(changed, id) && !slices.Contains(outputs, id) {
					env.Set(id, garbage)
					scrambled++
				}
			}
		})
		if !reflect.DeepEqual(got, want) {
			t.Errorf("region %s..%s with outputs %v in\n%s\nwithout the others: %v\nwith: %v", r.nodes[0].ID, r.nodes[len(r.nodes)-1].ID, outputs, g, got, want)
		}
	})
	if ran < seeds/4 || scrambled < seeds/20 {
		t.Errorf("only %d regions were reached, %d variables forgotten", ran, scrambled)
	}
}
