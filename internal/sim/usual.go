package sim

// What a node usually does: for runs that come by where their recorded selves did not, or with
// other inputs.

import (
	"slices"

	"fluxo.dev/fluxo/internal/profile"
)

// maxUsual bounds what is remembered of one flow's nodes by their inputs.
const maxUsual = 1 << 17

// usual is what was recorded of the nodes of a flow.
type usual struct {
	byInput map[input]profile.Visit
	nodes   map[int]*typical
	calls   profile.Calls
}

type input struct {
	node int
	ins  uint64
}

// typical is what one node does for inputs that were never recorded.
type typical struct {
	ended, failed times
	foreign       bool // the times are another trace's, from which those of recorded runs are drawn too
	block         map[int32]int
	usual         profile.Visit // of all that: settled
}

func newUsual() *usual { return &usual{map[input]profile.Visit{}, map[int]*typical{}, profile.Calls{}} }

// learn takes in one visit.
func (u *usual) learn(n *node, v *visited) {
	t := u.nodes[n.number]
	if t == nil {
		t = &typical{block: map[int32]int{}, usual: profile.Visit{Exit: profile.Raised}}
		u.nodes[n.number] = t
	}
	switch {
	case !u.calls.Add(v.Visit):
	case v.Kind == "" && v.Exit != profile.Raised:
		t.ended.add(v.Alone())
	default:
		t.failed.add(v.Alone())
	}
	t.block[v.Block]++
	if v.Kind == "" && (v.Exit == 0 || t.usual.Exit == profile.Raised) {
		t.usual = *v.Visit
		t.usual.Run = nil
	}
	if len(u.byInput) < maxUsual {
		one := *v.Visit
		one.Run = nil
		u.byInput[input{n.number, v.ins}] = one
	}
}

// with returns what node n does with inputs ins, where the run itself recorded own, with others.
func (u *usual) with(n *node, ins uint64, own *profile.Visit) *profile.Visit {
	v, ok := u.byInput[input{n.number, ins}]
	if !ok || n.Kind.IsLoop() {
		return own
	}
	v.Took, v.Waited, v.Kind = own.Took, own.Waited, own.Kind
	return &v
}

// without returns what it does where the run recorded nothing of it, and whether it was seen to do
// so with these inputs.
func (u *usual) without(n *node, ins uint64) (v *profile.Visit, known bool) {
	if n.Kind.IsLoop() {
		return &profile.Visit{}, true
	}
	if v, ok := u.byInput[input{n.number, ins}]; ok {
		return &v, true
	}
	t := u.nodes[n.number]
	if t == nil {
		return &profile.Visit{Node: int32(n.number), Block: -1}, true
	}
	one := t.usual
	one.Sets = slices.Clone(one.Sets)
	for i := range one.Sets { // of contents that nobody has seen
		one.Sets[i].Hash = (one.Sets[i].Hash ^ ins) * 0x9e3779b97f4a7c15
	}
	return &one, false
}

// settle ends learning.
func (u *usual) settle() {
	u.calls = nil
	for number, t := range u.nodes {
		t.ended.settle()
		t.failed.settle()
		if t.usual.Exit == profile.Raised {
			t.usual = profile.Visit{}
		}
		t.usual.Node, t.usual.Took, t.usual.Waited, t.usual.Block = int32(number), t.ended.median(), 0, most(t.block)
		t.block = nil
	}
}

// withTimes returns u with the times of another trace's nodes, as far as that came by them.
func (u *usual) withTimes(from *usual) *usual {
	out := &usual{u.byInput, map[int]*typical{}, nil}
	for number, t := range u.nodes {
		c := *t
		if f := from.nodes[number]; f != nil && len(f.ended.all)+len(f.failed.all) > 0 {
			c.ended, c.failed, c.foreign = f.ended, f.failed, true
			c.usual.Took, c.usual.Waited = c.ended.median(), 0
		}
		out.nodes[number] = &c
	}
	return out
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
