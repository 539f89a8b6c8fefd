package sim

// Upstreams that are down: their steps fail, in the time in which they would have answered.

import (
	"fmt"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// errDown is what a step returns whose upstream is down.
const errDown = kindError(profile.AnyError)

// Fails returns an error if a step of the trace's flows cannot fail, because it returns no error.
func (t *Trace) Fails(step string) error {
	for _, fl := range t.flows {
		for _, n := range fl.nodes {
			if n.Callee == step && n.Err == "" {
				return fmt.Errorf("%s returns no error (%s), so it cannot be down", step, fl.graph.Flow)
			}
		}
	}
	return nil
}

// failWith has a step fail.
func (n *node) failWith(t *engine.Thread, f *engine.Frame, err error) {
	t.Failed(err)
	for _, p := range n.vars {
		if p.ID == n.Err {
			*p.of(f) = failure(err)
		}
	}
}

// passOn sets the results of a flow that fails where no recorded run did: its errors are the one that
// the edge is about.
func (n *node) passOn(f *engine.Frame) {
	err := error(errDown)
	for _, p := range n.in {
		if p.ID == n.Err {
			err = p.of(f).err
		}
	}
	for _, p := range n.vars {
		for _, out := range n.Out {
			if p.ID == out && p.Kind == graph.Error {
				*p.of(f) = failure(err)
			}
		}
	}
}
