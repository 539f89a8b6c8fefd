package graph

// Parts: fields of a flow's own structs that are variables by themselves, so that
// what reads one field depends on that field alone.

import "slices"

// Wholes lists ids without the parts whose whole is among them: whoever has the whole
// has those.
func Wholes(g *Graph, ids []VarID) (wholes []VarID) {
	for _, id := range ids {
		if v := g.Var(id); v == nil || v.Of == "" || !slices.Contains(ids, v.Of) {
			wholes = append(wholes, id)
		}
	}
	return wholes
}

// parts checks what is said of parts: their whole lives where they do, is set by the
// caller if they are, and is no part itself.
func (c *checker) parts() {
	for _, v := range c.g.Vars {
		if v.Of == "" {
			continue
		}
		switch whole := c.vars[v.Of]; {
		case whole == nil:
			c.fail("variable", string(v.ID), "part-of", "it is a part of the unknown variable %q", v.Of)
		case whole.Of != "":
			c.fail("variable", string(v.ID), "part-of", "it is a part of %s, which is a part itself", v.Of)
		case whole.Role != v.Role || whole.Scope != v.Scope:
			c.fail("variable", string(v.ID), "part-of", "it does not live where %s does, of which it is a part", v.Of)
		}
	}
}

// partsSet checks that n sets a whole and its parts together, and edits wholes only.
func (c *checker) partsSet(n *Node) {
	for _, v := range c.g.Vars {
		if v.Of == "" {
			continue
		}
		if slices.Contains(n.Out, v.ID) != slices.Contains(n.Out, v.Of) {
			c.failNode(n, "part-set", "it sets one of %s and %s, which is a part of it, and not the other", v.Of, v.ID)
		}
		if slices.Contains(n.Edit, v.ID) {
			c.failNode(n, "part-edit", "it edits %s: what is edited is the whole, %s", v.ID, v.Of)
		}
	}
}
