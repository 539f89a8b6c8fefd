package graph

// Dataflow edges: reaching definitions over the structured form.

import (
	"cmp"
	"maps"
	"slices"
)

// An Edge says that To may read what From has put into Var. From is "" where
// the value may come from the caller of the flow.
type Edge struct {
	From, To NodeID
	Var      VarID
}

// Edges derives the dataflow between nodes, nested ones included: an edge for
// each variable and node that may have given it the value that another node
// reads. An edit in place gives a value, to the variables that share the memory
// too. The order is that of the text, by To, then by From, then by Var.
func Edges(g *Graph) []Edge {
	r := &reaching{g: g, edges: map[Edge]bool{}}
	start := definitions{}
	for _, v := range g.Vars {
		if v.Role == Param {
			start[v.ID] = givers{"": true}
		}
	}
	r.run(g.Body, start)
	return r.sorted()
}

type (
	givers      map[NodeID]bool
	definitions map[VarID]givers // which nodes may have given a variable its present value
)

// join adds b to d. A nil b stands for a place that is never reached.
func (d definitions) join(b definitions) {
	for id, from := range b {
		if d[id] == nil {
			d[id] = givers{}
		}
		maps.Copy(d[id], from)
	}
}

func (d definitions) clone() definitions {
	c := definitions{}
	c.join(d)
	return c
}

func (d definitions) size() (n int) {
	for _, from := range d {
		n += len(from)
	}
	return n
}

type reaching struct {
	g     *Graph
	edges map[Edge]bool
	loops []jumps // around the present node, outermost first
}

// jumps collect the definitions that arrive by breaks and continues of a loop.
type jumps struct{ brk, cont definitions }

// run goes over b from defs, which it changes, to those at its end; nil if the
// end is never reached.
func (r *reaching) run(b *Block, defs definitions) definitions {
	for _, n := range b.Nodes {
		if defs = r.node(n, defs); defs == nil {
			return nil
		}
	}
	return defs
}

func (r *reaching) node(n *Node, defs definitions) definitions {
	switch {
	case n.Kind == Start:
		return defs
	case n.Kind.wraps():
		return r.run(n.Blocks[0], defs)
	case n.Kind.IsLoop():
		return r.loop(n, defs)
	}
	r.read(n, defs)
	if n.Kind == Branch {
		r.set(n, defs)
		return r.branch(n, defs)
	}
	after := defs.clone()
	r.set(n, after)
	r.jump(n, defs) // it may leave before it sets anything
	r.jump(n, after)
	switch {
	case !fallsThrough(n):
		return nil
	case n.Kind == Fail:
		return defs
	}
	return after
}

func (r *reaching) read(n *Node, defs definitions) {
	for _, id := range n.In {
		for from := range defs[id] {
			r.edges[Edge{from, n.ID, id}] = true
		}
	}
}

func (r *reaching) set(n *Node, defs definitions) {
	for _, id := range Alike(r.g, n.Edit) {
		defs.join(definitions{id: givers{n.ID: true}})
	}
	// What an edited variable was, and one that is read and set, enters by an edge to n.
	for _, id := range n.Edit {
		defs[id] = givers{n.ID: true}
	}
	for _, id := range r.g.surelySets(n) {
		delete(defs, id)
	}
	for _, id := range n.Out {
		defs.join(definitions{id: givers{n.ID: true}})
	}
}

// jump hands what n has left to the loops that it may break or continue.
func (r *reaching) jump(n *Node, defs definitions) {
	for i := 0; i <= n.Loops && i < len(r.loops); i++ {
		j := r.loops[len(r.loops)-1-i]
		if n.Exits&Break != 0 {
			j.brk.join(defs)
		}
		if n.Exits&Continue != 0 {
			j.cont.join(defs)
		}
	}
}

func (r *reaching) branch(n *Node, defs definitions) definitions {
	after, reached := definitions{}, false
	if !n.Total {
		after, reached = defs.clone(), true
	}
	for _, b := range n.Blocks {
		if end := r.run(b, defs.clone()); end != nil {
			after.join(end)
			reached = true
		}
	}
	if !reached {
		return nil
	}
	return after
}

// loop repeats until no further definition arrives at the loop's head, which
// takes at most one round for each pair of variable and node.
func (r *reaching) loop(n *Node, head definitions) definitions {
	r.read(n, head)
	brk := definitions{}
	for {
		before := head.size()
		if n.Kind == Fold {
			r.read(n, head) // its condition is evaluated again; a range operand is not
		}
		r.loops = append(r.loops, jumps{brk: brk, cont: head})
		defs := head.clone()
		r.set(n, defs)
		end := r.run(n.Blocks[0], defs)
		r.loops = r.loops[:len(r.loops)-1]
		head.join(end)
		for _, v := range r.g.Vars {
			if v.Scope == n.ID && !slices.Contains(n.In, v.ID) {
				delete(head, v.ID) // the next iteration has a new one
			}
		}
		if head.size() == before {
			break
		}
	}
	head.join(brk)
	return head
}

func (r *reaching) sorted() []Edge {
	order := map[NodeID]int{"": -1}
	for at := range r.g.Places() {
		order[at.Node.ID] = len(order)
	}
	return slices.SortedFunc(maps.Keys(r.edges), func(a, b Edge) int {
		return cmp.Or(cmp.Compare(order[a.To], order[b.To]), cmp.Compare(order[a.From], order[b.From]), cmp.Compare(a.Var, b.Var))
	})
}
