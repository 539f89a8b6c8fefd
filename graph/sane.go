package graph

// The sanity check that runs after every rewrite: what must hold of any graph,
// whatever flow it is. (What must hold between a plan and its source is the
// checker's.)

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Check returns an error that names every rule which g breaks, with the node
// or variable; nil if it is sane. Each line ends in the rule's ID in brackets.
func Check(g *Graph) error {
	c := &checker{g: g, vars: map[VarID]*Var{}, places: map[NodeID]Place{}}
	c.variables()
	if g.Body == nil {
		c.fail("flow", string(g.Flow), "body", "it has no body")
		return errors.Join(c.errs...)
	}
	c.parts()
	c.block(g.Body, "the body", nil)
	if len(c.errs) > 0 {
		return errors.Join(c.errs...) // what follows relies on the form
	}
	for _, v := range g.Vars {
		if at := c.places[v.Scope]; v.Scope != "" && (at.Node == nil || !at.Node.Kind.IsLoop()) {
			c.fail("variable", string(v.ID), "var-scope", "its scope %s is no loop", v.Scope)
		}
	}
	for at := range g.Places() {
		c.node(at)
	}
	if !endsInResult(g.Body) {
		c.fail("flow", string(g.Flow), "result", "the walk may arrive at the end of the body without a result")
	}
	return errors.Join(c.errs...)
}

type checker struct {
	g      *Graph
	vars   map[VarID]*Var
	places map[NodeID]Place
	errs   []error
}

func (c *checker) fail(what, name, rule, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("graph %s: %s %s: %s [%s]", c.g.Flow, what, name, fmt.Sprintf(format, args...), rule))
}

func (c *checker) failNode(n *Node, rule, format string, args ...any) {
	c.fail("node", string(n.ID), rule, format, args...)
}

// variables checks names and roles: parameters, locals, results.
func (c *checker) variables() {
	rank := map[Role]int{Param: 0, Local: 1, Result: 2}
	last := Param
	for _, v := range c.g.Vars {
		fail := func(rule, format string, args ...any) { c.fail("variable", string(v.ID), rule, format, args...) }
		if v.ID == "" {
			fail("var-name", "it has no name")
		}
		if int(v.Role) >= len(roleNames) || int(v.Kind) >= len(varKindNames) {
			fail("var-kind", "its role is %s, its kind %s", v.Role, v.Kind)
		}
		if c.vars[v.ID] != nil {
			fail("var-unique", "there are two of this name")
		}
		if rank[v.Role] < rank[last] {
			fail("var-order", "a %s stands after a %s", v.Role, last)
		}
		if v.Role != Local && v.Scope != "" {
			fail("var-scope", "a %s cannot live in the loop %s", v.Role, v.Scope)
		}
		last = v.Role
		c.vars[v.ID] = v
	}
}

// block checks what the other rules rely on: unique IDs along the nesting, and
// as many blocks as the kind has.
func (c *checker) block(b *Block, where string, up *Place) {
	if b == nil {
		c.fail("block of", where, "blocks", "it is nil")
		return
	}
	for i, n := range b.Nodes {
		if n == nil {
			c.fail("block of", where, "blocks", "node %d is nil", i)
			continue
		}
		if int(n.Kind) >= len(kindNames) {
			c.failNode(n, "kind", "its kind is %s", n.Kind)
		}
		at := Place{Node: n, Block: b, Index: i, Up: up}
		if _, twice := c.places[n.ID]; twice {
			c.failNode(n, "id-unique", "there are two nodes of this ID")
		}
		c.places[n.ID] = at
		if want := pathOf(up); !n.Kind.IsPlanned() && !idUnder(n.ID, want) {
			c.failNode(n, "id-path", "its ID is not %q and a name", want)
		}
		if n.Kind.IsPlanned() && n.ID == "" {
			c.failNode(n, "id-path", "it has no ID")
		}
		lo, hi := n.Kind.blocks()
		if len(n.Blocks) < lo || len(n.Blocks) > hi {
			c.failNode(n, "blocks", "a %s node has %d blocks", n.Kind, len(n.Blocks))
		}
		for _, in := range n.Blocks {
			c.block(in, string(n.ID), &at)
		}
	}
}

// blocks returns how few and how many blocks a node of kind k has.
func (k Kind) blocks() (lo, hi int) {
	switch k {
	case Branch:
		return 1, 1 << 16
	case Each, Fold, Stored, Shared, Hedged:
		return 1, 1
	}
	return 0, 0
}

// pathOf is what the IDs of the nodes inside begin with. Planned nodes do not
// count: IDs are those of the source graph.
func pathOf(up *Place) string {
	for ; up != nil; up = up.Up {
		if !up.Node.Kind.IsPlanned() {
			return string(up.Node.ID) + "/"
		}
	}
	return ""
}

func idUnder(id NodeID, path string) bool {
	name, ok := strings.CutPrefix(string(id), path)
	return ok && name != "" && !strings.Contains(name, "/")
}

// node checks one node on its own and in its place.
func (c *checker) node(at Place) {
	n := at.Node
	c.uses(at)
	c.exits(at)
	if n.Callee != "" && !n.Kind.hasCallee() {
		c.failNode(n, "callee", "a %s node calls nothing", n.Kind)
	}
	if n.Total && n.Kind != Branch {
		c.failNode(n, "total", "it is no branch")
	}
	if n.Limit < 0 || n.Limit > 0 && n.Kind != Step {
		c.failNode(n, "limit", "only calls of a step are limited, to one at once or more")
	}
	if len(n.Effects) > 0 && n.Kind.IsPlanned() {
		c.failNode(n, "planned", "a %s node does nothing itself", n.Kind)
	}
	if n.Kind == Start {
		c.start(at)
	} else if n.First != "" || n.Last != "" || n.Ahead != 0 {
		c.failNode(n, "start", "only a start node begins a range")
	}
	if n.Refresh < 0 || n.Refresh > 99 || n.Refresh != 0 && n.Kind != Stored {
		c.failNode(n, "refresh", "only what a stored node keeps is refreshed, where it is 1 to 99 per cent likely to be asked for again")
	}
	c.hedge(n)
	if n.Answer && (n.Kind != Stored || at.Up != nil || len(at.Block.Nodes) > 1) {
		c.failNode(n, "answer", "only a stored node with the whole flow in it keeps an answer")
	}
	c.fork(at)
	c.effects(n)
}

// hedge checks when a second try begins, and how often.
func (c *checker) hedge(n *Node) {
	switch {
	case n.Kind != Hedged && (n.After != 0 || n.Budget != 0):
		c.failNode(n, "hedge", "only a hedged node is tried twice")
	case n.Kind == Hedged && (n.After <= 0 || n.Budget < 1 || n.Budget > 100):
		c.failNode(n, "hedge", "it is tried again after %v, for %d of 100 calls", n.After, n.Budget)
	}
}

// uses checks the variables that a node names.
func (c *checker) uses(at Place) {
	n := at.Node
	for _, id := range slices.Concat(n.In, n.Out, n.Edit, n.Points, errOf(n)) {
		v := c.vars[id]
		if v == nil {
			c.failNode(n, "var-known", "it uses the unknown variable %q", id)
		} else if v.Scope != "" && !inLoop(at, v.Scope) {
			c.failNode(n, "var-scope", "it uses %s outside of its loop %s", id, v.Scope)
		}
	}
	for _, id := range n.Edit {
		if !slices.Contains(n.In, id) {
			c.failNode(n, "edit-in", "it edits %s, which is not in In", id)
		}
	}
	for _, ids := range [][]VarID{n.In, n.Out, n.Edit} {
		for i, id := range ids {
			if slices.Contains(ids[:i], id) {
				c.failNode(n, "var-once", "%s stands twice in one list", id)
			}
		}
	}
	if n.Kind.IsPlanned() && len(n.In)+len(n.Out)+len(n.Edit) > 0 {
		c.failNode(n, "planned", "a %s node has no variables of its own", n.Kind)
	}
	c.partsSet(n)
	c.err(n)
}

// err checks that a step's error is among what it sets, a failure edge's among
// what it reads.
func (c *checker) err(n *Node) {
	switch {
	case n.Kind == Fail && n.Err == "":
		c.failNode(n, "err", "a fail node tests no error")
	case n.Err == "":
	case n.Kind == Fail:
		if !slices.Contains(n.In, n.Err) {
			c.failNode(n, "err", "it tests %s, which is not in In", n.Err)
		}
	case n.Kind == Step || n.Kind == Call:
		if !slices.Contains(n.Out, n.Err) {
			c.failNode(n, "err", "its error %s is not in Out", n.Err)
		}
	default:
		c.failNode(n, "err", "a %s node has no error", n.Kind)
	}
	if v := c.vars[n.Err]; n.Err != "" && v != nil && v.Kind != Error {
		c.failNode(n, "err", "its error %s is of kind %s", n.Err, v.Kind)
	}
}

func errOf(n *Node) []VarID {
	if n.Err == "" {
		return nil
	}
	return []VarID{n.Err}
}

// inLoop reports whether at stands in the loop, or is the loop.
func inLoop(at Place, loop NodeID) bool {
	for here := &at; here != nil; here = here.Up {
		if here.Node.ID == loop && here.Node.Kind.IsLoop() {
			return true
		}
	}
	return false
}
