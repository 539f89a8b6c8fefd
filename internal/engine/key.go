package engine

// Keys: what a kept result is kept under.

import "fluxo.dev/fluxo/graph"

// push appends the canonical keys of refs, and returns where they begin in
// t.keys; false if the content of one has none. pop gives the space back.
//
// Contexts are no part of a key: what a step reads from one under a foreign key
// is caught when it does. Every part says by itself where it ends.
func (t *Thread) push(refs []ref, f *Frame) (from int, ok bool) {
	from = len(t.keys)
	for i := range refs {
		r := &refs[i]
		if r.src.Kind == graph.Context {
			continue
		}
		if r.code.Key == nil {
			return from, false
		}
		if t.keys, ok = r.code.Key(t.keys, r.vars(f)); !ok {
			return from, false
		}
	}
	return from, true
}

// A run that is left by a panic takes its keys along.
func (t *Thread) pop(from int) { t.keys = t.keys[:from] }
