package engine

// Steps whose calls are noted, and by what they may be answered in a run as written.

import (
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
)

// A recalled is a step whose calls are noted, and answered by what was noted.
type recalled struct {
	node    *node
	in, out []ref
	own     bool          // only the request that called it may have the results: it does something, or makes new values
	acts    bool          // it does something, in an order that counts
	life    time.Duration // how long results may be used after the call began; 0 for ever, or not at all
	never   bool          // not at all: volatile 0
	onError time.Duration // a failure's stand-in, likewise; 0 for none
}

// admits reports whether a call may answer n in a run of a request that began then. failing says that a later one failed.
func (j *Journal) admits(n *recalled, c *call, began time.Time, failing bool) bool {
	young := func(life time.Duration) bool { return c.began.Add(life).After(began) }
	switch {
	case !c.began.Before(began):
		return true
	case n.never:
		return false
	case n.life > 0 && !young(n.life):
		return failing && !c.failed && young(n.onError)
	case !c.ended.Before(began): // under way when the request came: it may have waited for it
		return true
	}
	return !c.failed && j.held(c.stamps, began)
}

// recalled returns how a node's calls are noted; nil if they are not: a run as written calls the step itself.
// It refuses what cannot be done twice and cannot be noted.
func (c *compiler) recalled(n *graph.Node, m *node, at place) *recalled {
	r := &recalled{node: m, own: n.Kind == graph.Fresh}
	if n.Kind != graph.Step && n.Kind != graph.Fresh {
		return nil
	}
	outside := r.own
	for _, e := range n.Effects {
		switch e.Class {
		case graph.Writes, graph.Acts, graph.Opaque:
			r.own, r.acts, outside = true, true, true
		case graph.Reads:
			outside = true
			r.life = shorter(r.life, e.Within)
		case graph.Volatile:
			outside = true
			r.never = r.never || e.For == 0
			r.life = shorter(r.life, e.For)
			r.onError = max(r.onError, e.OnError)
		}
	}
	if !outside {
		return nil
	}
	r.in = c.refs(n.In, at)
	r.out = c.refs(graph.Wholes(c.plan.graph, slices.Concat(n.Out, n.Edit)), at)
	for _, v := range r.in {
		if v.src.Kind != graph.Context && v.code.Key == nil {
			c.refuse("%s at %v is given %s, which has no key", n.ID, n.Pos, v.src.ID)
		}
	}
	for _, v := range r.out {
		if v.code.Save == nil || v.src.Kind != graph.Data && v.src.Kind != graph.Error {
			c.refuse("%s at %v sets %s, which cannot be copied", n.ID, n.Pos, v.src.ID)
		}
	}
	return r
}

// shorter returns the shorter of two lives, of which 0 is none.
func shorter(a, b time.Duration) time.Duration {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}

// examine has a node's calls noted, or answered by what was noted, where the plan is one of a pair.
func (c *compiler) examine(n *graph.Node, m *node, at place) {
	if c.journal == nil || m.code.Run == nil {
		return
	}
	r := c.recalled(n, m, at)
	switch {
	case r != nil && c.written && c.journal.traces:
		m.code.Run = c.journal.recalling(r, m.code.Run)
	case r != nil && c.written:
		m.code.Run = c.journal.answering(r, m.code.Run)
	case r != nil:
		m.code.Run = c.journal.noting(r, m.code.Run)
	case c.written && n.Kind == graph.Step && isPure(n) && !c.journal.traces:
		r = &recalled{node: m, in: c.refs(n.In, at), out: c.refs(graph.Wholes(c.plan.graph, slices.Concat(n.Out, n.Edit)), at)}
		if !slices.ContainsFunc(r.out, func(v ref) bool { return v.code.Save == nil }) {
			m.code.Run = c.journal.steady(r, m.code.Run)
		}
	}
}

func isPure(n *graph.Node) bool {
	return !slices.ContainsFunc(n.Effects, func(e graph.Effect) bool { return e.Class != graph.Pure })
}
