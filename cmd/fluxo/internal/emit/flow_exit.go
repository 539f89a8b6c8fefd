package emit

// Returns, breaks and continues as results of a node's function.

import (
	"fmt"
	"go/ast"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
)

// returns prints a return of the flow.
func (t *text) returns(results []ast.Expr) string {
	if len(results) == 0 {
		return "return " + t.Runtime() + ".Return"
	}
	var edits []edit
	for _, e := range results {
		ast.Inspect(e, func(n ast.Node) bool { return t.visit(n, &edits) })
	}
	root := t.vars(t.flow.Scopes[0])
	return "return " + root + ".fluxoReturn(" + t.cut(results[0].Pos(), results[len(results)-1].End(), edits) + ")"
}

// inlinedReturn prints a return of a function whose body is part of the flow's graph.
func (t *text) inlinedReturn(r *lift.InlinedReturn) string {
	leave := t.Runtime() + ".Next"
	if r.Jump != nil {
		leave = t.exit(*r.Jump)
	}
	if r.First == nil {
		return "return " + leave
	}
	if r.Ends != nil {
		return fmt.Sprintf("return %s.FirstEnds(&%s, %s, %s, %s)", t.Runtime(), t.place(r.First), t.of(r.Expr), t.place(r.Ends), leave)
	}
	if r.Stop != nil {
		return fmt.Sprintf("return %s.FirstStops(&%s, %s, %s, %s)", t.Runtime(), t.place(r.First), t.of(r.Expr), t.place(r.Stop), leave)
	}
	return fmt.Sprintf("return %s.First(&%s, %s, %s)", t.Runtime(), t.place(r.First), t.of(r.Expr), leave)
}

func (t *text) jump(j lift.Jump) string { return "return " + t.exit(j) }

func (t *text) exit(j lift.Jump) string {
	if j.Continue {
		return fmt.Sprintf("%s.ContinueOut(%d)", t.Runtime(), j.Out)
	}
	return fmt.Sprintf("%s.BreakOut(%d)", t.Runtime(), j.Out)
}
