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
	sets  []ref     // variables with which an iteration begins, where runs are noted
}

// loop runs an each or a fold on f.
func (t *Thread) loop(n *node, f *Frame) Exit {
	visit := t.visitLoop(n)
	cursor := n.code.Begin(t, f)
	t.mark(n.onNext)
	if n.loop.ahead > 0 {
		return t.ahead(n, cursor, f, visit)
	}
	it, prev := t.frame(n.loop.scope, f), (*Frame)(nil)
	for {
		if !n.code.More(t, cursor, it, prev) {
			visit(nil)
			t.free(n.loop.scope, it, prev)
			return Next
		}
		visit(it)
		if x, out := leave(t.walk(&n.loop.body, it)); out {
			visit(nil)
			t.free(n.loop.scope, it, prev)
			return x
		}
		it, prev = t.following(n, it, prev, f)
	}
}

// following returns the frame for the iteration after that of it, and the one
// before, at which a fold looks. Frames take turns.
func (t *Thread) following(n *node, it, prev, up *Frame) (next, last *Frame) {
	s := n.loop.scope
	if n.kind == graph.Fold {
		prev, it = it, prev
	}
	if it == nil || t.plan.noPool {
		it = t.frame(s, up)
	} else {
		s.clear(it)
	}
	return it, prev
}

// frame returns a frame like new for an iteration.
func (t *Thread) frame(s *scope, up *Frame) *Frame {
	if f, ok := s.pool.get(t.plan.engine).(*Frame); ok {
		f.Up = up
		return f
	}
	f := s.frame(up)
	return &f
}

// free gives frames of iterations back.
func (t *Thread) free(s *scope, frames ...*Frame) {
	if t.plan.noPool {
		return
	}
	for _, f := range frames {
		if f != nil {
			s.clear(f)
			f.Up = nil
			s.pool.put(t.plan.engine, f)
		}
	}
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
func (t *Thread) ahead(n *node, cursor any, f *Frame, visit func(*Frame)) Exit {
	var queue []upcoming
	defer func() {
		for _, u := range queue {
			t.dropFrame(u.frame)
			t.free(n.loop.scope, u.frame)
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
			visit(nil)
			return Next
		}
		visit(u.frame)
		x, out := leave(t.walk(&n.loop.body, u.frame))
		queue = queue[1:]
		t.free(n.loop.scope, u.frame)
		if out {
			visit(nil)
			return x
		}
	}
}

// goesOn reports whether another iteration may follow.
func (u upcoming) goesOn() bool { return !u.end && u.panic == nil }

// prepare makes the next iteration's frame and begins what may begin early. A panic
// of More is kept for the iteration's turn.
func (t *Thread) prepare(n *node, cursor any, f *Frame) (u upcoming) {
	u.frame = t.frame(n.loop.scope, f)
	u.panic = capture(func() { u.end = !n.code.More(t, cursor, u.frame, nil) })
	if u.goesOn() {
		for _, r := range n.loop.early {
			t.start(r, u.frame)
		}
	}
	return u
}
