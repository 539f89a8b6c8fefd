package engine

// Loops: a frame for each iteration, made ahead where later iterations may
// begin early.

import "fluxo.dev/fluxo/graph"

// A loop is what the walk knows of an each or a fold.
type loop struct {
	scope *scope
	body  block
	early []*region // begun for later iterations too, in the order of their start nodes
	ahead int       // how many iterations beyond the present one may have begun
}

// loop runs an each or a fold on f.
func (t *Thread) loop(n *node, f *Frame) Exit {
	cursor := n.code.Begin(t, f)
	t.mark(n.onNext)
	if n.loop.ahead > 0 {
		return t.ahead(n, cursor, f)
	}
	var prev *Frame
	for {
		it := t.iteration(n, prev, f)
		if !n.code.More(t, cursor, it, prev) {
			return Next
		}
		if x, out := leave(t.walk(&n.loop.body, it)); out {
			return x
		}
		prev = it
	}
}

// iteration returns a frame for the iteration after prev, which is over. That of
// a fold still looks at prev; that of an each may take its place.
func (t *Thread) iteration(n *node, prev, up *Frame) *Frame {
	if prev != nil && n.kind == graph.Each && !t.plan.noPool {
		n.loop.scope.clear(prev)
		return prev
	}
	it := n.loop.scope.frame(up)
	return &it
}

// leave says how a loop goes on after the exit x of its body: with the next
// iteration, or out of the loop by the exit returned.
func leave(x Exit) (Exit, bool) {
	switch x {
	case Next, ContinueOut(0):
		return Next, false
	case BreakOut(0):
		return Next, true
	case Return:
		return Return, true
	}
	return x - 2, true
}

// An upcoming iteration has its frame, and may have forks under way.
type upcoming struct {
	frame *Frame
	end   bool // there is no such iteration
	panic *raised
}

// ahead runs an each whose later iterations may begin early.
func (t *Thread) ahead(n *node, cursor any, f *Frame) Exit {
	var queue []upcoming
	defer func() {
		for _, u := range queue {
			t.dropFrame(u.frame)
		}
	}()
	for {
		for len(queue) <= n.loop.ahead && (len(queue) == 0 || queue[len(queue)-1].goesOn()) {
			queue = append(queue, t.prepare(n, cursor, f))
		}
		u := queue[0]
		if u.panic != nil {
			u.panic.again(t)
		}
		if u.end {
			return Next
		}
		x, out := leave(t.walk(&n.loop.body, u.frame))
		queue = queue[1:]
		if out {
			return x
		}
	}
}

// goesOn reports whether another iteration may follow.
func (u upcoming) goesOn() bool { return !u.end && u.panic == nil }

// prepare makes the next iteration's frame and begins what may begin early. A panic
// of More is kept for the iteration's turn.
func (t *Thread) prepare(n *node, cursor any, f *Frame) (u upcoming) {
	it := n.loop.scope.frame(f)
	u.frame = &it
	u.panic = capture(func() { u.end = !n.code.More(t, cursor, &it, nil) })
	if u.goesOn() {
		for _, r := range n.loop.early {
			t.start(r, &it)
		}
	}
	return u
}
