package profile

// The graphs of a trace, as its runs number their parts.

import (
	"fmt"

	"fluxo.dev/fluxo/graph"
)

// A shape is the graph of a flow, by number.
type shape struct {
	flow  graph.FlowName
	nodes []*graph.Node
	ins   [][]int // variables that each node reads, contexts apart
	vars  []*graph.Var
}

// newShape reads a flow's graph.
func newShape(f Flow) (*shape, error) {
	g, err := graph.Parse(f.Graph)
	if err != nil {
		return nil, fmt.Errorf("the graph of %s: %w", f.Name, err)
	}
	s := &shape{flow: f.Name, vars: g.Vars}
	numbers := map[graph.VarID]int{}
	for i, v := range g.Vars {
		if v.Kind != graph.Context {
			numbers[v.ID] = i
		}
	}
	for at := range g.Places() {
		s.nodes = append(s.nodes, at.Node)
		var ins []int
		for _, id := range at.Node.In {
			if i, ok := numbers[id]; ok {
				ins = append(ins, i)
			}
		}
		s.ins = append(s.ins, ins)
	}
	return s, nil
}

// Differ names what differs first between two graphs of a flow in text form, as [graph.Differ] does; "" if nothing
// does. It fails if they differ and one cannot be read.
func Differ(flow graph.FlowName, was, is string) (string, error) {
	if was == is {
		return "", nil
	}
	a, err := graph.Parse(was)
	if err != nil {
		return "", fmt.Errorf("the graph of %s: %w", flow, err)
	}
	b, err := graph.Parse(is)
	if err != nil {
		return "", fmt.Errorf("the graph of %s: %w", flow, err)
	}
	return graph.Differ(a, b), nil
}

// check fails if a run is not of this graph.
func (s *shape) check(r *Run) error {
	if v := s.outside(r.Params); v != nil {
		return s.another("variable", v.Var, len(s.vars))
	}
	for i := range r.Visits {
		v := &r.Visits[i]
		if v.Node < 0 || int(v.Node) >= len(s.nodes) {
			return s.another("node", v.Node, len(s.nodes))
		}
		if o := s.outside(v.Sets); o != nil {
			return s.another("variable", o.Var, len(s.vars))
		}
	}
	return nil
}

// outside returns the first value of a variable that is none of this graph; nil if all are.
func (s *shape) outside(values []Value) *Value {
	for i := range values {
		if v := &values[i]; v.Var < 0 || int(v.Var) >= len(s.vars) {
			return v
		}
	}
	return nil
}

func (s *shape) another(what string, number int32, of int) error {
	return fmt.Errorf("a run of %s in the trace came by %s %d of %d: it is of another version of the source", s.flow, what, number, of)
}

// held has a hash for each variable of a run, by number.
type held []uint64

func (h held) set(values []Value) {
	for _, v := range values {
		h[v.Var] = v.Hash
	}
}

// of hashes what a node reads.
func (h held) of(ins []int) uint64 {
	hash := uint64(1)
	for _, i := range ins {
		hash = Mix(hash, h[i])
	}
	return hash
}

// visits calls f for each visit of a run, and of those that it called, with a hash of what the node read. Of a loop it is
// the visit at its end.
func visits(shapes map[graph.FlowName]*shape, r *Run, f func(*shape, *Visit, uint64)) error {
	s := shapes[r.Flow]
	if s == nil {
		return fmt.Errorf("a run in the trace is of %s, whose graph is not in it: it is not whole", r.Flow)
	}
	if err := s.check(r); err != nil {
		return err
	}
	h := make(held, len(s.vars))
	h.set(r.Params)
	for i := range r.Visits {
		v := &r.Visits[i]
		if !s.nodes[v.Node].Kind.IsLoop() || v.Block < 0 {
			f(s, v, h.of(s.ins[v.Node]))
		}
		h.set(v.Sets)
		if v.Run != nil {
			if err := visits(shapes, v.Run, f); err != nil {
				return err
			}
		}
	}
	return nil
}
