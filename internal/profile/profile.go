package profile

// A profile: what the noted runs of a service came to, node by node, in a size that does not grow with them. Profiles
// of several processes and days merge.

import (
	"fmt"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
)

// A Profile sums up noted runs. Its zero value has none.
type Profile struct {
	Service   string
	Began     time.Time     // of the first process
	Until     time.Time     // of the last one
	Observed  time.Duration // how long runs were noted, of all processes together
	Processes int
	Flows     []*FlowProfile // by name
}

// A FlowProfile is what the runs of one flow came to.
type FlowProfile struct {
	Flow   graph.FlowName
	Graph  string // its text
	Runs   int64
	Raised int64 // runs that ended by a panic
	Took   Sketch
	Asked  Contents       // of its parameters
	Nodes  []*NodeProfile // those that runs came by, in the order of the source
}

// A NodeProfile is what the visits of one node came to.
type NodeProfile struct {
	Node     graph.NodeID
	Count    int64 // visits; of a loop, times that it ran
	Failures int64 // errors that it returned
	Took     Sketch
	Reads    Contents        // of what it reads, together
	Sets     []*ValueProfile // the edges that leave it
}

// A ValueProfile is what one variable was set to at one node.
type ValueProfile struct {
	Var   graph.VarID
	Count int64
	Bytes int64 // of all copies together
	Most  int64 // of the largest
}

// Failed returns the share of visits that failed.
func (n *NodeProfile) Failed() float64 { return float64(n.Failures) / float64(max(n.Count, 1)) }

// Merge adds the profile of another process or another day of the same service, in the same version.
func (p *Profile) Merge(o *Profile) error {
	if p.Service == "" && len(p.Flows) == 0 {
		p.Service, p.Began = o.Service, o.Began
	}
	if p.Service != o.Service {
		return fmt.Errorf("one profile is of %s, the other of %s", p.Service, o.Service)
	}
	for _, f := range o.Flows {
		mine := p.flow(f.Flow)
		if mine == nil {
			continue
		}
		what, err := Differ(f.Flow, mine.Graph, f.Graph)
		if err != nil {
			return err
		}
		if what != "" {
			return fmt.Errorf("%s differs between the two profiles, first at %s: they are of different versions of the source", f.Flow, what)
		}
	}
	if o.Began.Before(p.Began) {
		p.Began = o.Began
	}
	if o.Until.After(p.Until) {
		p.Until = o.Until
	}
	p.Observed += o.Observed
	p.Processes += o.Processes
	for _, f := range o.Flows {
		p.add(f.Flow, f.Graph).merge(f)
	}
	return nil
}

// flow returns the profile of a flow; nil if there is none.
func (p *Profile) flow(name graph.FlowName) *FlowProfile {
	if i, ok := p.find(name); ok {
		return p.Flows[i]
	}
	return nil
}

func (p *Profile) find(name graph.FlowName) (int, bool) {
	return slices.BinarySearchFunc(p.Flows, name, func(f *FlowProfile, name graph.FlowName) int {
		switch {
		case f.Flow < name:
			return -1
		case f.Flow > name:
			return 1
		}
		return 0
	})
}

// add returns the profile of a flow, an empty one if there was none.
func (p *Profile) add(name graph.FlowName, text string) *FlowProfile {
	i, ok := p.find(name)
	if !ok {
		p.Flows = slices.Insert(p.Flows, i, &FlowProfile{Flow: name, Graph: text})
	}
	return p.Flows[i]
}

func (f *FlowProfile) merge(o *FlowProfile) {
	f.Runs += o.Runs
	f.Raised += o.Raised
	f.Took.Merge(o.Took)
	f.Asked.Merge(&o.Asked)
	for _, n := range o.Nodes {
		i := slices.IndexFunc(f.Nodes, func(m *NodeProfile) bool { return m.Node == n.Node })
		if i < 0 {
			i = len(f.Nodes)
			f.Nodes = append(f.Nodes, &NodeProfile{Node: n.Node})
		}
		f.Nodes[i].merge(n)
	}
}

func (n *NodeProfile) merge(o *NodeProfile) {
	n.Count += o.Count
	n.Failures += o.Failures
	n.Took.Merge(o.Took)
	n.Reads.Merge(&o.Reads)
	for _, v := range o.Sets {
		mine := n.value(v.Var)
		mine.Count += v.Count
		mine.Bytes += v.Bytes
		mine.Most = max(mine.Most, v.Most)
	}
}

// value returns the profile of a variable that the node sets.
func (n *NodeProfile) value(id graph.VarID) *ValueProfile {
	for _, v := range n.Sets {
		if v.Var == id {
			return v
		}
	}
	n.Sets = append(n.Sets, &ValueProfile{Var: id})
	return n.Sets[len(n.Sets)-1]
}
