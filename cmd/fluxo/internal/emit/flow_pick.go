package emit

// Which block of a branch runs.

import (
	"fmt"
	"go/ast"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
)

func (t *text) pickIf(c *lift.If, blocks int) string {
	cond := t.of(c.Cond)
	if c.Not {
		cond = "!(" + cond + ")"
	}
	other := -1
	if blocks > 1 {
		other = 1
	}
	return fmt.Sprintf("%sif %s {\n%sreturn 0\n}\nreturn %d\n", t.line(c.Cond.Pos()), cond, t.here(), other)
}

func (t *text) pickSwitch(c *lift.Switch) string {
	return t.clauses(c.Stmt, "return ") + "return -1\n"
}

// choose prints the choice of a clause as a number.
func (t *text) choose(c *lift.Choose) string {
	set := t.place(c.Var) + " = "
	if c.Stmt == nil {
		return fmt.Sprintf("%s%d\n", set, c.Clause)
	}
	return set + "-1\n" + t.clauses(c.Stmt, set)
}

// clauses prints a switch whose clauses only say their number.
func (t *text) clauses(s *ast.SwitchStmt, say string) string {
	var b strings.Builder
	tag := ""
	if s.Tag != nil {
		tag = t.of(s.Tag)
	}
	fmt.Fprintf(&b, "%sswitch %s {\n", t.line(s.Pos()), tag)
	for i, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if clause.List == nil {
			fmt.Fprintf(&b, "default:\n%s%d\n", say, i)
			continue
		}
		fmt.Fprintf(&b, "%scase %s:\n%s%d\n", t.line(clause.Pos()), t.exprs(clause.List), say, i)
	}
	return b.String() + "}\n" + t.here()
}

func (t *text) pickType(c *lift.TypeSwitch) string {
	var x ast.Expr
	name := ""
	switch a := c.Stmt.Assign.(type) {
	case *ast.AssignStmt:
		x = a.Rhs[0]
		name = value.Local("v")
	case *ast.ExprStmt:
		x = a.X
	}
	x = ast.Unparen(x).(*ast.TypeAssertExpr).X
	var b strings.Builder
	bind := ""
	if name != "" && len(c.Stmt.Body.List) > 0 {
		bind = name + " := "
	}
	fmt.Fprintf(&b, "%sswitch %s%s.(type) {\n", t.line(c.Stmt.Pos()), bind, t.of(x))
	for i, s := range c.Stmt.Body.List {
		clause := s.(*ast.CaseClause)
		if clause.List == nil {
			b.WriteString("default:\n")
		} else {
			fmt.Fprintf(&b, "case %s:\n", t.exprs(clause.List))
		}
		if v := c.Bound[i]; v != nil {
			fmt.Fprintf(&b, "%s = %s\n", t.place(v), name)
		}
		fmt.Fprintf(&b, "return %d\n", i)
	}
	return b.String() + "}\n" + t.here() + "return -1\n"
}
