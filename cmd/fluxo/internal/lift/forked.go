package lift

// Forked functions: the lift of their two parts, and what their nodes say of what
// the author runs beside each other.

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strconv"

	"fluxo.dev/fluxo/graph"
)

// forkBody lifts the body of a forked function, written at s. What computes and
// may return in its middle stands in a loop of one iteration, with an error of its
// own, which the group gets afterwards.
func (l *lifter) forkBody(s ast.Stmt, list []ast.Stmt, g *group) (joinsFrom int, joins []ast.Stmt) {
	computes, split, joins := l.parts(s, list)
	if !returnsEarly(computes) && !(l.isDivided(split) && returnsEarly([]ast.Stmt{split})) && !slices.ContainsFunc(computes, func(s ast.Stmt) bool { return l.forks(s) }) {
		l.stmts(computes)
		l.head(s, split)
		joinsFrom = len(l.block.Nodes)
		l.leavableBody(s, joins)
		return joinsFrom, joins
	}
	own := &inlined{group: g, named: l.inlined.named}
	zero := &Zero{}
	if g.err != nil {
		own.err = l.newVar("go.err", nil, errorType, graph.Local, l.declaring())
		zero.Vars = append(zero.Vars, own.err)
	}
	var done *Var
	if len(joins) > 0 {
		done = l.newVar("go.done", nil, types.Typ[types.Int], graph.Local, l.declaring())
		zero.Vars = append(zero.Vars, done)
	}
	if u := l.newUse(); len(zero.Vars) > 0 {
		for _, v := range zero.Vars {
			u.set(v)
		}
		l.add(graph.Glue, "glue.go", s, u, zero).Text = ""
	}
	whole := l.inlined
	l.inlined = own
	l.onceFork(s, func() {
		l.stmts(computes)
		l.head(s, split)
		if done != nil {
			l.cameTo(s, done, 1)
		}
	})
	l.inlined = whole
	joinsFrom = len(l.block.Nodes)
	if done != nil {
		l.ifCameTo(s, done, 1, func() { l.leavableBody(s, joins) })
	}
	if own.err != nil {
		l.gather(s, g, own.err)
	}
	return joinsFrom, joins
}

// leavableBody lifts statements of a forked function, in a loop of one iteration if they
// may return in the middle.
func (l *lifter) leavableBody(s ast.Stmt, list []ast.Stmt) {
	if returnsEarly(list) {
		l.onceFork(s, func() { l.stmts(list) })
		return
	}
	l.stmts(list)
}

// onceFork lifts what a return of a forked function leaves. Its variables live outside:
// what joins may use them.
func (l *lifter) onceFork(s ast.Stmt, body func()) {
	l.inlined.once, l.inlined.depth = true, l.scope.Depth()+1
	l.onceAs("go", s, "", func() {
		l.scope.open = true
		body()
	})
	l.inlined.once = false
}

// gather sets the error of a group to that of one of its functions unless it has been set.
func (l *lifter) gather(s ast.Stmt, g *group, err *Var) {
	from := &ast.Ident{Name: "_", NamePos: s.Pos()} // stands for the function's error
	l.flow.Hoisted[from] = []*Var{err}
	give := &ast.ReturnStmt{Return: s.Pos()}
	l.flow.Returns[give] = &InlinedReturn{First: g.err, Expr: from, Stop: g.stop}
	u := l.newUse()
	u.read(err)
	u.read(g.err)
	u.set(g.err)
	u.stops(g, s)
	l.add(graph.Glue, "glue."+string(g.err.ID), s, u, &Stmts{List: []ast.Stmt{give}}).Text = ""
}

// forks reports whether a group awaits something in s.
func (l *lifter) forks(s ast.Stmt) bool { return l.usesGroup(s) && !l.locks(s) }

// markFork says of the nodes of a forked function, which begin at from, what they run
// beside; those that join, from joinsFrom on, may hold a lock.
func (l *lifter) markFork(g *group, from, joinsFrom int, joins []ast.Stmt) {
	if g.id == "" {
		l.groupIDs[g.name]++
		g.id, g.functions = g.name, 0
		if k := l.groupIDs[g.name]; k > 1 {
			g.id += "." + strconv.Itoa(k)
		}
	}
	g.functions++
	f := graph.Fork{Group: g.id, Function: g.functions, Limit: g.limit}
	locked := f
	locked.Locked = slices.ContainsFunc(joins, func(s ast.Stmt) bool { return l.locks(s) })
	over, rounds := l.loopOver(g)
	f.Rounds, locked.Rounds = rounds, rounds
	for i, n := range l.block.Nodes[from:] {
		n.Fork = &f
		if from+i >= joinsFrom {
			n.Fork = &locked
		}
		if over != nil {
			l.over[n.Fork] = over
		}
	}
}

// loopOver returns the outermost loop around the present place in whose iterations g
// is not awaited; nil if there is none. If the innermost one awaits g in some of its
// iterations, that is the loop, and rounds is set.
func (l *lifter) loopOver(g *group) (over *graph.Node, rounds bool) {
	for _, t := range slices.Backward(l.targets) {
		if !t.loop {
			break
		}
		for _, w := range g.waits {
			if contains(t.stmt, w) {
				if over == nil && isSeldom(t.stmt, w) {
					return t.node, true
				}
				return over, false
			}
		}
		over = t.node
	}
	return over, false
}

func contains(outer, n ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }

// isSeldom reports whether some iterations of loop may pass by n, which stands in its body.
func isSeldom(loop, n ast.Node) bool {
	blocks := 0
	ast.Inspect(loop, func(b ast.Node) bool {
		if _, ok := b.(*ast.BlockStmt); ok && contains(b, n) {
			blocks++
		}
		return true
	})
	return blocks > 1
}

// forkedIn returns the nodes in loop of functions that its iterations fork and do not await.
func (l *lifter) forkedIn(loop *graph.Node) map[*graph.Node]bool {
	apart := map[*graph.Node]bool{}
	eachNode(loop.Blocks[0], func(n *graph.Node) {
		if n.Fork == nil || n.Fork.Rounds || l.over[n.Fork] == nil {
			return
		}
		for in := range graph.Within(n) {
			apart[in] = true
		}
	})
	return apart
}

// joinFork ends what g has forked so far: what the flow itself did meanwhile is
// marked, and what g forks from here on is another group.
func (l *lifter) joinFork(g *group) {
	if g.id == "" {
		return
	}
	f := &graph.Fork{Group: g.id, Limit: g.limit, Locked: l.locks(l.flow.Decl.Body)}
	forked := func(n *graph.Node) bool {
		for in := range graph.Within(n) {
			if in.Fork != nil && in.Fork.Group == g.id {
				return true
			}
		}
		return false
	}
	begun := false
	for _, n := range l.block.Nodes {
		own := n.Fork == nil && begun
		holds := forked(n)
		if begun = begun || holds; own && !(holds && g.limit > 0) {
			n.Fork = f
		}
	}
	g.id = ""
}

// limitGroup notes g.SetLimit(n). What is no constant may be one.
func (l *lifter) limitGroup(g *group, n ast.Expr) {
	g.limit = 1
	if v := l.info.Types[n].Value; v != nil {
		if k, ok := constant.Int64Val(constant.ToInt(v)); ok {
			g.limit = max(int(k), 0) // a negative one is none
		}
	}
}

// nameForks gives forks the names of their loops, which have names at the end only.
func (l *lifter) nameForks() {
	for f, loop := range l.over {
		f.Over = loop.ID
	}
}
