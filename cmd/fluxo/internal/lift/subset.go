package lift

// What the subset leaves out: one walk over the body before it is lifted.

import (
	"go/ast"
	"go/token"
	"go/types"
)

// subset reports every construct that no flow may hold.
func (l *lifter) subset() {
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			l.report(n, "FX201", "a goroutine is started", "call the function without go: Fluxo runs independent calls together; or await it in this function with errgroup.Group or sync.WaitGroup")
		case *ast.SendStmt:
			l.report(n, "FX202", "a value is sent on a channel", "move the statement into a function of its own that the flow calls as a step")
		case *ast.SelectStmt:
			l.report(span{n.Select, n.Select + 6}, "FX203", "a select waits for channels", "move the statement into a function of its own that the flow calls as a step")
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				l.report(n, "FX204", "goto "+n.Label.Name, "write a loop, or return early")
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				l.report(n, "FX202", "a value is received from a channel", "move the statement into a function of its own that the flow calls as a step")
			}
		case *ast.CallExpr:
			l.subsetCall(n)
		case *ast.RangeStmt:
			if _, isChan := l.info.TypeOf(n.X).Underlying().(*types.Chan); isChan {
				l.report(span{n.For, n.X.End()}, "FX202", "a loop receives from a channel", "move the loop into a function of its own that the flow calls as a step")
			}
		}
		return true
	})
}

func (l *lifter) subsetCall(c *ast.CallExpr) {
	if l.info.Types[c.Fun].IsBuiltin() {
		if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok && id.Name == "recover" {
			l.report(c, "FX206", "the flow recovers from a panic", "let it panic: the host answers with 500 and logs it; or recover inside a step")
		}
	}
}
