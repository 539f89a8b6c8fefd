package engine

// The walk: a block's operations in source order.

import "fluxo.dev/fluxo/graph"

// A block is a compiled block, or the part of one that a start node names.
type block struct {
	ops    []op
	starts []int // numbers of the start nodes in it: their forks end with the block
}

// An op is one operation of the walk.
type op struct {
	run  func(t *Thread, f *Frame) Exit // of a node without blocks; nil for others
	node *node
}

// A node is what the walk knows of a node beside its code.
type node struct {
	id     graph.NodeID
	number int32 // in the text of the source graph
	src    *graph.Node
	kind   graph.Kind
	code   Code
	onNext []int // variables set when the walk goes on to the next node, by index
	onExit []int // and when it leaves the block here
	setsOn []ref // onNext, as seen from the node, where runs are noted
	sets   []ref // onExit

	blocks []block
	loop   *loop
	region *region // of start, and of the nodes that a start names
	kept   *kept   // of stored
	common *common // of shared
	hedge  *hedge  // of hedged

	reads reading
	vow   *vow // what the step promises; nil for nothing

	decision string // of stored, shared and hedged: the line of a plan, without numbers

	departs   *ref  // of a failure edge that answers for itself: its error
	otherwise *node // of one: that which follows if it is not taken; nil if none does
}

// walk runs a block on f.
func (t *Thread) walk(b *block, f *Frame) Exit {
	for i := range b.ops {
		o := &b.ops[i]
		var x Exit
		if o.run != nil && t.rec == nil && t.marks == nil && !t.sampled {
			x = o.run(t, f)
		} else if t.trace == nil {
			x = t.op(o, f)
		} else {
			x = t.visit(o, f)
		}
		if x != Next {
			if len(b.starts) > 0 {
				t.dropStarts(b, f)
			}
			return x
		}
	}
	if len(b.starts) > 0 {
		t.dropStarts(b, f)
	}
	return Next
}

// op runs the operations that are more than a call of their code.
func (t *Thread) op(o *op, f *Frame) Exit {
	n := o.node
	if t.stopped() {
		return Return
	}
	switch n.kind {
	case graph.Branch:
		i := n.code.Pick(t, f)
		t.mark(n.onNext)
		if i < 0 {
			return Next
		}
		return t.walk(&n.blocks[i], f)
	case graph.Each, graph.Fold:
		return t.loop(n, f)
	case graph.Start:
		t.start(n.region, f)
		return Next
	case regionKind:
		return t.arrive(n.region, f)
	case graph.Stored:
		return t.stored(n, f)
	case graph.Shared:
		return t.shared(n, f)
	case graph.Hedged:
		return t.hedged(n, f)
	}
	if n.departs != nil {
		return t.depart(n, f)
	}
	if t.sampled && n.vow != nil {
		return t.observed(n, f)
	}
	return t.call(n, f)
}

// call runs a node without blocks.
func (t *Thread) call(n *node, f *Frame) Exit {
	if n.reads.standIn != nil && t.rec != nil && t.rec.watch {
		return t.guarded(n, f)
	}
	return t.recorded(n, f)
}

// regionKind is the operation that stands for the nodes that a start node names.
const regionKind graph.Kind = 255

// mark notes that variables were set.
func (t *Thread) mark(vars []int) {
	if t.marks == nil {
		return
	}
	for _, v := range vars {
		t.marks[v>>6] |= 1 << (v & 63)
	}
}

// recorded runs a node for somebody who wants to know what it did.
func (t *Thread) recorded(n *node, f *Frame) Exit {
	began := t.before(n, f)
	x := n.code.Run(t, f)
	if x == Next {
		t.mark(n.onNext)
	} else {
		t.mark(n.onExit)
	}
	t.after(n, f, began)
	return x
}
