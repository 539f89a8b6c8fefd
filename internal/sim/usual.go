package sim

// What a node usually does: for runs that come by where their recorded selves did not, or with
// other inputs.

import (
	"slices"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

// maxUsual bounds what is remembered of one flow's nodes by their inputs.
const maxUsual = 1 << 20

// usual is what was recorded of the nodes of a flow.
type usual struct {
	byInput map[input]*profile.Visit
	nodes   map[int]*typical
}

type input struct {
	node int
	ins  uint64
}

// typical is what one node does for inputs that were never recorded.
type typical struct {
	took  []time.Duration
	block map[int32]int
	usual profile.Visit  // of all that: settled
	last  *profile.Visit // that went on to the next node
}

func newUsual() *usual { return &usual{map[input]*profile.Visit{}, map[int]*typical{}} }

// learn takes a recorded run's visits in.
func (u *usual) learn(fl *flow, s *scene) {
	for _, n := range fl.nodes {
		if len(n.chain) == 1 {
			u.learnNode(fl, n, s)
		}
	}
}

func (u *usual) learnNode(fl *flow, n *node, s *scene) {
	v := &s.visits[n.local]
	if v.Visit == nil {
		return
	}
	for _, it := range v.iterations {
		for _, in := range fl.nodes {
			if in.chain[len(in.chain)-1] == n.loop {
				u.learnNode(fl, in, it)
			}
		}
	}
	if n.Kind.IsLoop() {
		return
	}
	t := u.nodes[n.number]
	if t == nil {
		t = &typical{block: map[int32]int{}}
		u.nodes[n.number] = t
	}
	t.took = append(t.took, v.Took)
	t.block[v.Block]++
	if v.Kind == "" && (v.Exit == 0 || t.last == nil) {
		t.last = v.Visit
	}
	if len(u.byInput) < maxUsual {
		u.byInput[input{n.number, v.ins}] = v.Visit
	}
}

// with returns what node n does with inputs ins, where the run itself recorded own: nothing,
// or what it did with others.
func (u *usual) with(n *node, ins uint64, own *profile.Visit) *profile.Visit {
	if n.Kind.IsLoop() {
		return &profile.Visit{}
	}
	if v := u.byInput[input{n.number, ins}]; v != nil {
		if own == nil {
			return v
		}
		mixed := *v
		mixed.Took, mixed.Kind = own.Took, own.Kind
		return &mixed
	}
	if own != nil {
		return own
	}
	t := u.nodes[n.number]
	if t == nil {
		return &profile.Visit{Node: int32(n.number), Block: -1}
	}
	v := t.usual
	v.Sets = slices.Clone(v.Sets)
	for i := range v.Sets { // of contents that nobody has seen
		v.Sets[i].Hash = (v.Sets[i].Hash ^ ins) * 0x9e3779b97f4a7c15
	}
	return &v
}

// settle ends learning.
func (u *usual) settle() {
	for number, t := range u.nodes {
		if t.last != nil {
			t.usual = *t.last
		}
		t.usual.Node, t.usual.Took, t.usual.Block = int32(number), median(t.took), most(t.block)
		t.took, t.block = nil, nil
	}
}

func median(ds []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(ds))
	return s[len(s)/2]
}

func most(count map[int32]int) int32 {
	best, n := int32(-1), 0
	for b, k := range count {
		if k > n || k == n && b < best {
			best, n = b, k
		}
	}
	return best
}
