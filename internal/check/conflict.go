package check

// Which nodes must keep their source order: the class table, and handles.

import (
	"fmt"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// conflict says why early may not begin before other, by the class table alone;
// "" if it may. What a defer node calls runs when the flow exits, wherever the
// node stands, and so is in nobody's way.
func (c *checker) conflict(early, other *graph.Node) string {
	if early.Kind == graph.Defer || other.Kind == graph.Defer {
		return ""
	}
	for _, e := range early.Effects {
		for _, o := range other.Effects {
			if e.Hidden != "" && changesTheWorld(o.Class) {
				return fmt.Sprintf("%s depends on %s, which %s might change", at(early), e.Hidden, at(other))
			}
			if c.pass(early, e, other, o) {
				continue
			}
			return fmt.Sprintf("%s %s, and %s %s", at(early), does(e), at(other), does(o))
		}
	}
	return ""
}

// pass reports whether effect e of node early may come before effect o of node
// other, which the source has first.
func (c *checker) pass(early *graph.Node, e graph.Effect, other *graph.Node, o graph.Effect) bool {
	if e.Unordered && o.Unordered {
		return true // their author says so
	}
	switch c.rules.Classes.Conflicts[e.Class][o.Class] {
	case graph.Never:
		return true
	case graph.Matching:
		return !match(e.Data, o.Data)
	case graph.SameVar:
		mayShare := c.sharedHandle(early, other) != nil || !c.namesHandle(early) || !c.namesHandle(other)
		return !mayShare || !c.changesHandle(early) && !c.changesHandle(other)
	case graph.After:
		return e.Class != graph.LocalTo || !c.changesHandle(early)
	}
	return false
}

// changesTheWorld reports whether a step of class k may change what no argument
// shows.
func changesTheWorld(k graph.Class) bool {
	return k == graph.Writes || k == graph.Acts || k == graph.Opaque
}

// match reports whether two lists of named data may name the same. An effect
// that names none may touch any.
func match(a, b []graph.DataKey) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	return slices.ContainsFunc(a, func(x graph.DataKey) bool {
		return slices.ContainsFunc(b, func(y graph.DataKey) bool { return matchKeys(x, y) })
	})
}

// matchKeys reports whether one key may be a prefix of the other. Expressions are
// known at run time only, so that literals alone can tell keys apart.
func matchKeys(a, b graph.DataKey) bool {
	if a.Name != b.Name {
		return false
	}
	for i := range min(len(a.Parts), len(b.Parts)) {
		x, y := a.Parts[i], b.Parts[i]
		if strings.HasPrefix(x, "=") && strings.HasPrefix(y, "=") && x != y {
			return false
		}
	}
	return true
}

// uses lists the variables that a node itself reads or edits.
func uses(n *graph.Node) []graph.VarID { return slices.Concat(n.In, n.Edit) }

// sharedHandle returns a request-scoped handle that both nodes use; nil if
// there is none.
func (c *checker) sharedHandle(a, b *graph.Node) *graph.Var {
	theirs := graph.Alike(c.g, uses(b))
	for _, id := range uses(a) {
		if v := c.vars[id]; v != nil && v.Kind == graph.Handle && slices.Contains(theirs, id) {
			return v
		}
	}
	return nil
}

// changesHandle reports whether a node changes a handle that it uses. A local step
// that names none may hold one where the graph does not show it.
func (c *checker) changesHandle(n *graph.Node) bool {
	return slices.ContainsFunc(graph.Alike(c.g, n.Edit), c.isHandle) || isLocal(n) && !c.namesHandle(n)
}

func (c *checker) namesHandle(n *graph.Node) bool { return slices.ContainsFunc(uses(n), c.isHandle) }

// mayChangeHandle is changesHandle, with what no directive promises: only glue,
// pure and local steps say what they do to a handle.
func (c *checker) mayChangeHandle(n *graph.Node) bool {
	return c.changesHandle(n) || !onlyLocal(n)
}

// isLocal reports whether n is a local step and nothing else.
func isLocal(n *graph.Node) bool { return onlyLocal(n) && hasLocal(n) }

func hasLocal(n *graph.Node) bool {
	return slices.ContainsFunc(n.Effects, func(e graph.Effect) bool { return e.Class == graph.LocalTo })
}

func onlyLocal(n *graph.Node) bool {
	return !slices.ContainsFunc(n.Effects, func(e graph.Effect) bool {
		return e.Class != graph.LocalTo && e.Class != graph.Observes && e.Class != graph.Pure
	})
}

// handleConflict says why two nodes must keep their order for a handle's sake; ""
// if they need not. Two local steps are the class table's.
func (c *checker) handleConflict(early, other *graph.Node) string {
	v := c.sharedHandle(early, other)
	if v == nil || isLocal(early) && isLocal(other) || !c.mayChangeHandle(early) && !c.mayChangeHandle(other) {
		return ""
	}
	return fmt.Sprintf("%s and %s both use the handle %s", at(early), at(other), v.ID)
}
