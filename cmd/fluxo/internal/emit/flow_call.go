package emit

// Calls that have a node of their own, and deferred ones.

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
)

// set prints the assignment of an expression to variables.
func (t *text) set(c *lift.Set) string {
	t.step = c.Call != nil
	var lhs []string
	failure, any := "", false
	for i, v := range c.Vars {
		switch {
		case v != nil:
			lhs = append(lhs, t.place(v))
			any = true
		case i == c.Err:
			failure = value.Local("failure")
			lhs = append(lhs, failure)
		default:
			lhs = append(lhs, "_")
		}
	}
	expr := t.expr(c)
	line := t.line(c.Expr.Pos())
	var b strings.Builder
	switch {
	case c.Err >= 0 && failure != "" && any:
		fmt.Fprintf(&b, "var %s error\n%s%s = %s\n%s%s.Failed(%s)\n", failure, line, strings.Join(lhs, ", "), expr, t.here(), t.thread, failure)
	case c.Err >= 0 && failure != "":
		fmt.Fprintf(&b, "%s%s := %s\n%s%s.Failed(%s)\n", line, strings.Join(lhs, ", "), expr, t.here(), t.thread, failure)
	case c.Err >= 0:
		fmt.Fprintf(&b, "%s%s = %s\n%s%s.Failed(%s)\n", line, strings.Join(lhs, ", "), expr, t.here(), t.thread, lhs[c.Err])
	case any:
		fmt.Fprintf(&b, "%s%s = %s\n%s", line, strings.Join(lhs, ", "), expr, t.here())
	default:
		fmt.Fprintf(&b, "%s%s\n%s", line, expr, t.here())
	}
	if c.Ends != nil {
		fmt.Fprintf(&b, "%s.Ends(%s, %s)\n", t.Runtime(), t.place(c.Ends), lhs[c.Err])
	}
	return b.String()
}

// expr prints the expression of a Set. If others read it from the variables
// that this node sets, this is the node that evaluates it.
func (t *text) expr(c *lift.Set) string {
	vars := t.flow.Hoisted[c.Expr]
	own := c.Call != nil || len(vars) == 1 && len(c.Vars) == 1 && vars[0] == c.Vars[0]
	if !own {
		return t.of(c.Expr)
	}
	delete(t.flow.Hoisted, c.Expr)
	s := t.of(c.Expr)
	if vars != nil {
		t.flow.Hoisted[c.Expr] = vars
	}
	return s
}

// deferred prints the registration of a call. Function and arguments are
// evaluated now, constants and functions need not be.
func (t *text) deferred(c *ast.CallExpr) string {
	var b strings.Builder
	b.WriteString(t.line(c.Pos()))
	fun := t.of(c.Fun)
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && t.pkg.Info.Selections[sel] != nil || t.isFuncVar(c.Fun) {
		b.WriteString(value.Text("$fun := %s\n", fun))
		fun = value.Local("fun")
	}
	var args []string
	for i, arg := range c.Args {
		tv := t.pkg.Info.Types[arg]
		text := t.of(arg)
		if _, isLit := ast.Unparen(arg).(*ast.FuncLit); tv.Value == nil && !tv.IsNil() && !tv.IsType() && !isLit {
			name := value.Local(fmt.Sprintf("arg%d", i))
			fmt.Fprintf(&b, "%s := %s\n", name, text)
			text = name
		}
		args = append(args, text)
	}
	ellipsis := ""
	if c.Ellipsis.IsValid() {
		ellipsis = "..."
	}
	call := fmt.Sprintf("%s(%s%s)", fun, strings.Join(args, ", "), ellipsis)
	if hasResult(t.pkg.Info.TypeOf(c)) && t.pkg.Info.Types[c.Fun].IsBuiltin() {
		call = "_ = " + call
	}
	fmt.Fprintf(&b, "%s.Defer(func() { %s })\n%s", t.thread, call, t.here())
	return b.String()
}

func (t *text) isFuncVar(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && t.flow.Var(t.pkg.Info.Uses[id]) != nil
}

func hasResult(t types.Type) bool {
	tuple, ok := t.(*types.Tuple)
	return t != nil && (!ok || tuple.Len() > 0) && t != types.Typ[types.Invalid]
}
