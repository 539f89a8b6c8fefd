package engine

// Failure edges that answer for themselves (graph.KeptInputs): no result stands for
// them. A fill that meets one with an error runs it where it stands, and is not kept. A
// flight or an audit has no handles of any caller's, and ends before it.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
)

// departs notes which failure edges among nodes answer for themselves, in the
// blocks compiled from now on, and returns their IDs.
func (c *compiler) departs(nodes []*graph.Node) []graph.NodeID {
	_, edges := graph.KeptInputs(c.plan.graph, nodes)
	var ids []graph.NodeID
	for _, n := range edges {
		ids = append(ids, n.ID)
	}
	c.departing = append(c.departing, ids...)
	return ids
}

// departure returns the error that a node tests if it is such an edge; nil if not.
func (c *compiler) departure(n *graph.Node, at place) *ref {
	if !slices.Contains(c.departing, n.ID) {
		return nil
	}
	refs := c.refs([]graph.VarID{n.Err}, at)
	return &refs[0]
}

// A stop is where a thread apart from any caller ended.
type stop struct {
	node  *node
	frame *Frame
}

// depart runs a failure edge that answers for itself, or ends t before it. An error
// is enough, whatever else the edge looks at: that is in no key.
func (t *Thread) depart(n *node, f *Frame) Exit {
	if err, _, _ := n.departs.code.Save(n.departs.vars(f)); err == nil {
		return Next
	}
	if t.rec != nil {
		t.rec.fail()
	}
	if slices.Contains(t.barred, n.id) {
		t.stop = &stop{n, f}
		return Return
	}
	return t.call(n, f)
}

// goesAlone reports whether callers must run the block themselves because the flight
// ended where none of them can go on.
func (fl *flight) goesAlone() bool {
	s := fl.thread.stop
	return s != nil && (s.frame != fl.frame || !slices.Contains(fl.common.departs, s.node.id))
}

// alight ends a caller's part in a flight, of which take takes the results: with the
// failure edges before which the flight ended. If none of them is for this error, the
// caller runs the block itself, as if there had been no flight.
func (t *Thread) alight(fl *flight, f *Frame, take func()) Exit {
	s, m := fl.thread.stop, fl.common
	if s == nil {
		take()
		t.note(fl)
		return fl.exit
	}
	before, marks := m.frames(), slices.Clone(t.marks)
	move(m.out, before, f, nil)
	take()
	for n := s.node; n != nil; n = n.otherwise {
		if x := t.depart(n, f); x != Next {
			t.note(fl)
			return x
		}
	}
	move(m.out, f, before, nil)
	t.marks = marks
	return t.walk(&m.body, f)
}

// otherwise joins failure edges of one error that follow each other in a block.
func otherwise(ops []op) {
	for i := 1; i < len(ops); i++ {
		a, b := ops[i-1].node, ops[i].node
		if a.departs != nil && b.departs != nil && a.src.Err == b.src.Err {
			a.otherwise = b
		}
	}
}
