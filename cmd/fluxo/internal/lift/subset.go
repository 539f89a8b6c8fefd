package lift

// What the subset leaves out: one walk over the body before it is lifted.

import (
	"go/ast"
	"go/token"
	"go/types"
)

const asStep = "move it into a function of its own, which the flow calls as a step"

// subset reports every construct that no flow may hold.
func (l *lifter) subset() {
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			l.subsetGo(n)
		case *ast.SendStmt:
			l.report(n, "FX202", "a value is sent on a channel", asStep)
		case *ast.SelectStmt:
			l.report(span{n.Select, n.Select + token.Pos(len("select"))}, "FX203", "a select waits for channels", asStep)
			return false
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				l.report(n, "FX204", "goto "+n.Label.Name, "write a loop, or return early")
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && !l.isDone(n.X) {
				l.report(n, "FX202", "a value is received from a channel", asStep)
			}
		case *ast.CallExpr:
			l.subsetCall(n)
		case *ast.RangeStmt:
			l.subsetRange(n)
		case *ast.SelectorExpr:
			if l.isUnsafe(n.Sel) {
				l.report(n, "FX209", "unsafe."+n.Sel.Name+" is used", asStep)
				return false
			}
		case *ast.Ident:
			if l.isUnsafe(n) { // a dot import
				l.report(n, "FX209", "unsafe."+n.Name+" is used", asStep)
			}
		}
		return true
	})
}

// isUnsafe reports whether id is a type or a function of package unsafe.
func (l *lifter) isUnsafe(id *ast.Ident) bool {
	o := l.info.Uses[id]
	return o != nil && o.Pkg() == types.Unsafe
}

// subsetGo reports a goroutine that the flow does not await.
func (l *lifter) subsetGo(s *ast.GoStmt) {
	if l.forked[s] {
		return
	}
	if id, use := l.sharedGroup(s); id != nil {
		l.report(s, "FX201", "a goroutine is started, and "+id.Name+" is used at "+l.pos(use).String()+" by more than what this function runs and awaits",
			"give the goroutines of this function a sync.WaitGroup of their own, var "+id.Name+" sync.WaitGroup, that only they and this function name; or "+asStep)
		return
	}
	l.report(s, "FX201", "a goroutine is started",
		"call the function without go, since Fluxo runs independent calls together; await it in this function with errgroup.Group or sync.WaitGroup; or, if nobody is to wait for it, "+asStep)
}

func (l *lifter) subsetCall(c *ast.CallExpr) {
	if l.info.Types[c.Fun].IsBuiltin() {
		id, ok := ast.Unparen(c.Fun).(*ast.Ident)
		switch {
		case !ok:
		case id.Name == "recover":
			l.report(c, "FX206", "the flow recovers from a panic", "let it panic: deferred calls run all the same (defer tx.Rollback() does nothing after a commit), and the host logs it and answers with an error; or recover inside a step")
		case id.Name == "close":
			l.report(c, "FX202", "a channel is closed", asStep)
		case id.Name == "make" && isChan(l.info.TypeOf(c)):
			l.report(c, "FX202", "a channel is made", asStep)
		}
		return
	}
	fn := calleeOf(l.info, c)
	if fn == nil {
		return
	}
	if asksContext(fn) {
		l.report(c, "FX210", "ctx."+fn.Name()+" is asked for", "leave it out: every step is given the context and stops when it ends")
	}
}

// asksContext reports whether fn tells the state of a context.
func asksContext(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil || !isContext(recv.Type()) {
		return false
	}
	switch fn.Name() {
	case "Err", "Deadline", "Done":
		return true
	}
	return false
}

// isDone reports whether e is ctx.Done(), of which enough is said elsewhere.
func (l *lifter) isDone(e ast.Expr) bool {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := calleeOf(l.info, c)
	return fn != nil && fn.Name() == "Done" && fn.Signature().Recv() != nil && isContext(fn.Signature().Recv().Type())
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

func (l *lifter) subsetRange(s *ast.RangeStmt) {
	at := span{s.For, s.X.End()}
	switch Ranged(l.info.TypeOf(s.X)).(type) {
	case *types.Chan:
		l.report(at, "FX202", "a loop receives from a channel", asStep)
	case *types.Map:
		l.orderOf(s)
	case *types.Signature:
		c, ok := ast.Unparen(s.X).(*ast.CallExpr)
		if !ok || l.call(c).own() || len(l.call(c).effects) > 0 {
			l.report(at, "FX217", "a loop runs over the iterator "+l.oneLine(s.X),
				"collect it first, in a step that returns a slice")
			return
		}
		if l.anyOrder(c) {
			l.orderOf(s)
		}
	}
}

func (l *lifter) isResult(o types.Object) bool {
	for i := range l.sig.Results().Len() {
		if l.sig.Results().At(i) == o {
			return true
		}
	}
	return false
}
