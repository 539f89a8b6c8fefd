package graph

// What nodes do, with everything in their blocks.

import (
	"slices"
	"time"
)

// ReadsOf lists the variables that nodes may read, each once.
func ReadsOf(nodes ...*Node) []VarID {
	return gather(nodes, func(n *Node) []VarID { return n.In })
}

// SetsOf lists the variables that nodes may set, each once.
func SetsOf(nodes ...*Node) []VarID {
	return gather(nodes, func(n *Node) []VarID { return n.Out })
}

// EditsOf lists the variables whose content nodes may change in place, each
// once. Variables that share their memory change too: see [Alike].
func EditsOf(nodes ...*Node) []VarID {
	return gather(nodes, func(n *Node) []VarID { return n.Edit })
}

// EffectsOf lists what nodes may do to the world, in the order of the text.
func EffectsOf(nodes ...*Node) (all []Effect) {
	for n := range Within(nodes...) {
		all = append(all, n.Effects...)
	}
	return all
}

// Life returns for how long results may be used that are made under some effects: the shortest of what those
// promise; 0 if they may not be kept by their age.
func Life(effects []Effect) (life time.Duration) {
	for _, e := range effects {
		age := e.Within
		if e.Class == Volatile {
			if age = e.For; age == 0 {
				return 0
			}
		}
		if age > 0 && (life == 0 || age < life) {
			life = age
		}
	}
	return life
}

// PanicsOf reports whether glue in nodes may panic. (Any step may as well.)
func PanicsOf(nodes ...*Node) bool {
	for n := range Within(nodes...) {
		if n.Panics {
			return true
		}
	}
	return false
}

// ExitsOf returns the ways by which nodes, siblings of one block, may leave
// that block: returns, and the breaks and continues that name a loop around it.
// loops is how many loops lie between the block and the outermost one named.
func ExitsOf(nodes ...*Node) (exits Exits, loops int) {
	for _, n := range nodes {
		e, far := n.Exits, n.Loops
		for _, b := range n.Blocks {
			be, bl := ExitsOf(b.Nodes...)
			if n.Kind.IsLoop() {
				if bl--; bl < 0 {
					be &= Return
				}
			}
			e, far = e|be, max(far, bl)
		}
		exits, loops = exits|e, max(loops, far)
	}
	return exits, loops
}

// Alike returns ids and the variables that may share memory with one of them,
// in the order of the graph's variables.
func Alike(g *Graph, ids []VarID) []VarID {
	groups := map[string]bool{}
	for _, v := range g.Vars {
		if v.Alias != "" && slices.Contains(ids, v.ID) {
			groups[v.Alias] = true
		}
	}
	return g.inOrder(func(v *Var) bool { return groups[v.Alias] || slices.Contains(ids, v.ID) })
}

// inOrder lists the variables that keep says, in the order of the graph.
func (g *Graph) inOrder(keep func(*Var) bool) (ids []VarID) {
	for _, v := range g.Vars {
		if keep(v) {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

func gather(nodes []*Node, of func(*Node) []VarID) (ids []VarID) {
	seen := varSet{}
	for n := range Within(nodes...) {
		for _, id := range of(n) {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids
}
