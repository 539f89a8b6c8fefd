package sim

// A recorded run, taken apart by the scopes of its flow, so that nodes find what they did
// whatever order a plan runs them in.

import (
	"fmt"

	"fluxo.dev/fluxo/internal/profile"
)

// A scene is what was recorded of one run of a flow, or of one iteration of a loop.
type scene struct {
	run    *profile.Run    // nil of an iteration
	number uint64          // tells it from all others of the trace
	visits []visited       // by the number of the node within its scope
	begins []profile.Value // of an iteration: the loop's variables
}

// A visited is a node's visit; its Visit is nil if the run did not come by.
type visited struct {
	*profile.Visit
	ins        uint64   // hash of what it read
	iterations []*scene // of a loop
	called     *scene   // of a call of a flow
}

// A reader takes a recorded run apart.
type reader struct {
	trace  *Trace
	flow   *flow
	visits []profile.Visit
	held   []uint64 // hashes of the variables as the run goes on
}

// read returns the scene of a run, which has that number. It fails if the run is not one of the flow's graph.
func (t *Trace) read(run *profile.Run, number uint64) (*scene, error) {
	fl := t.flows[run.Flow]
	if fl == nil {
		return nil, fmt.Errorf("a run in the trace is of %s, whose graph the trace does not have", run.Flow)
	}
	r := reader{trace: t, flow: fl, visits: run.Visits, held: make([]uint64, len(fl.graph.Vars))}
	if err := r.set(run.Params); err != nil {
		return nil, err
	}
	s := &scene{run: run, number: seedOf(number), visits: make([]visited, len(fl.scopes[0].nodes))}
	if err := r.block(s, fl.body); err != nil {
		return nil, err
	}
	if len(r.visits) > 0 {
		return nil, fmt.Errorf("a recorded run of %s goes on after its end, at node %d: it is of another version of the source", fl.graph.Flow, r.visits[0].Node)
	}
	return s, nil
}

func (r *reader) set(values []profile.Value) error {
	for _, v := range values {
		if v.Var < 0 || int(v.Var) >= len(r.held) {
			return fmt.Errorf("a recorded run of %s sets variable %d of %d: it is of another version of the source", r.flow.graph.Flow, v.Var, len(r.held))
		}
		r.held[v.Var] = v.Hash
	}
	return nil
}

// block takes the visits to nodes of one block, as far as the run came.
func (r *reader) block(s *scene, nodes []*node) error {
	for _, n := range nodes {
		if len(r.visits) == 0 || r.visits[0].Node != int32(n.number) {
			continue // left before, or skipped
		}
		if err := r.node(s, n); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) node(s *scene, n *node) error {
	v := &r.visits[0]
	seen := &s.visits[n.local]
	seen.Visit, seen.ins = v, mix(n, func(i int) uint64 { return r.held[n.in[i].number] })
	if n.Kind.IsLoop() {
		return r.loop(s, seen, n)
	}
	r.visits = r.visits[1:]
	if v.Run != nil {
		var err error
		if seen.called, err = r.trace.read(v.Run, seedOf(s.number, uint64(n.number))); err != nil {
			return err
		}
	}
	if err := r.set(v.Sets); err != nil {
		return err
	}
	if v.Block >= 0 && int(v.Block) < len(n.blocks) {
		return r.block(s, n.blocks[v.Block])
	}
	return nil
}

// loop takes the iterations of a loop: each begins with a visit to the loop, and one
// more stands at its end.
func (r *reader) loop(s *scene, seen *visited, n *node) error {
	for len(r.visits) > 0 && r.visits[0].Node == int32(n.number) {
		v := r.visits[0]
		r.visits = r.visits[1:]
		if v.Block < 0 {
			return nil
		}
		if err := r.set(v.Sets); err != nil {
			return err
		}
		it := &scene{
			number: seedOf(s.number, uint64(n.number), uint64(len(seen.iterations))),
			visits: make([]visited, len(r.flow.scopes[n.loop].nodes)), begins: v.Sets,
		}
		seen.iterations = append(seen.iterations, it)
		if err := r.block(it, n.blocks[0]); err != nil {
			return err
		}
	}
	return nil
}
