package emit

// The function behind each node.

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/graph"
)

// node prints the fields of a node's rt.Code.
func (p *flowPrinter) node(n *graph.Node, s *lift.Scope) string {
	switch code := p.flow.Code[n].(type) {
	case *lift.Stmts:
		return p.run(s, func(t *text) string { return t.statements(code.List) })
	case *lift.Set:
		return p.run(s, func(t *text) string { return t.set(code) }) + p.data(n, code, s)
	case *lift.Zero:
		return p.run(s, func(t *text) string { return t.zero(code.Vars) })
	case *lift.Guard:
		return p.run(s, func(t *text) string { return t.guard(code) })
	case *lift.Return:
		return p.run(s, func(t *text) string { return t.at(n.Pos) + t.returns(code.Results) + "\n" + t.here() })
	case *lift.Defer:
		return p.run(s, func(t *text) string { return t.deferred(code.Call) })
	case *lift.If:
		return p.pick(s, func(t *text) string { return t.pickIf(code, len(n.Blocks)) })
	case *lift.Switch:
		return p.pick(s, func(t *text) string { return t.pickSwitch(code) })
	case *lift.Choose:
		return p.run(s, func(t *text) string { return t.choose(code) })
	case *lift.Chosen:
		return p.pick(s, func(t *text) string {
			return fmt.Sprintf("if %s == %d {\nreturn 0\n}\nreturn -1\n", t.place(code.Var), code.Clause)
		})
	case *lift.TypeSwitch:
		return p.pick(s, func(t *text) string { return t.pickType(code) })
	case *lift.WithCancel:
		return p.run(s, func(t *text) string {
			return fmt.Sprintf("%s%s, %s = %s.WithCancel(%s)\n%s", t.line(code.Parent.Pos()), t.place(code.Ctx), t.place(code.Stop),
				p.Import("context", "context"), t.of(code.Parent), t.here())
		})
	case *lift.Invoke:
		return p.run(s, func(t *text) string { return t.place(code.Func) + "()\n" })
	case *lift.Until:
		return p.run(s, func(t *text) string {
			return t.line(code.Cond.Pos()) + "if !(" + t.of(code.Cond) + ") {\n" + t.here() + t.jump(lift.Jump{}) + "\n}\n"
		})
	case *lift.Range:
		return p.rangeLoop(n, code, s)
	case *lift.For:
		return p.forLoop(n, code, s)
	case *lift.Once:
		return p.onceLoop()
	}
	panic(fmt.Sprintf("bug: node %s has no code", n.ID))
}

// run prints a Run function around what body prints.
func (p *flowPrinter) run(s *lift.Scope, body func(t *text) string) string {
	t := p.newText(s)
	b := body(t)
	rt := p.Runtime()
	end := ""
	if !endsInReturn(b) {
		end = "return " + rt + ".Next\n"
	}
	return fmt.Sprintf("Run: func(%[1]s *%[2]s.Thread, %[3]s *%[2]s.Frame) %[2]s.Exit {\n%[4]s%[5]s%[6]s},\n",
		t.thread, rt, t.frame, t.prelude(), b, end)
}

func (p *flowPrinter) pick(s *lift.Scope, body func(t *text) string) string {
	t := p.newText(s)
	b := body(t)
	rt := p.Runtime()
	return fmt.Sprintf("Pick: func(%[1]s *%[2]s.Thread, %[3]s *%[2]s.Frame) int {\n%[4]s%[5]s},\n",
		t.thread, rt, t.frame, t.prelude(), b)
}

// endsInReturn reports whether the last statement of a printed body is a return of the node.
func endsInReturn(body string) bool {
	lines := strings.Split(strings.TrimSpace(body), "\n")
	for len(lines) > 0 && strings.HasPrefix(lines[len(lines)-1], "//line ") {
		lines = lines[:len(lines)-1]
	}
	return len(lines) > 0 && strings.HasPrefix(lines[len(lines)-1], "return ")
}

// prelude prints what the body refers to: frames, constants, function literals.
func (t *text) prelude() string {
	funcs := t.funcLiterals()
	var scopes []*lift.Scope
	for s := range t.frames {
		scopes = append(scopes, s)
	}
	sort.Slice(scopes, func(i, j int) bool { return scopes[i].Depth() < scopes[j].Depth() })
	var b strings.Builder
	for _, s := range scopes {
		up := strings.Repeat(".Up", t.scope.Depth()-s.Depth())
		fmt.Fprintf(&b, "%s := %s%s.Vars.(*%s)\n", t.frames[s], t.frame, up, t.frameType(s))
	}
	return b.String() + t.constants() + funcs
}

// funcLiterals prints the function literals that the body uses, and those that these use.
func (t *text) funcLiterals() string {
	done := map[types.Object]string{}
	for len(done) < len(t.funcs) {
		for o := range t.funcs {
			if _, ok := done[o]; !ok {
				done[o] = t.funcLiteral(o)
			}
		}
	}
	var all []types.Object
	for o := range done {
		all = append(all, o)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Pos() < all[j].Pos() })
	var b strings.Builder
	for _, o := range all {
		b.WriteString(done[o])
	}
	return b.String()
}

// funcLiteral prints the declaration of the variable of a function literal.
// One that calls itself is declared first.
func (t *text) funcLiteral(o types.Object) string {
	lit := t.flow.Funcs[o]
	before, after := t.line(lit.Pos())+o.Name(), t.of(lit)+"\n"+t.here()
	if refersTo(t, lit, o) {
		return fmt.Sprintf("var %s %s\n", o.Name(), t.typ(o.Type())) + before + " = " + after
	}
	return before + " := " + after
}

func refersTo(t *text, n ast.Node, o types.Object) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && t.pkg.Info.Uses[id] == o
		return !found
	})
	return found
}

// line prints a directive: the next line of text stands at pos in the author's file.
func (t *text) line(pos token.Pos) string {
	at := t.pkg.Fset.Position(pos)
	return t.at(graph.Pos{File: baseName(at.Filename), Line: at.Line})
}

func (t *text) at(pos graph.Pos) string {
	file := pos.File
	if t.dir != "" {
		file = t.dir + "/" + file
	}
	return fmt.Sprintf("//line %s:%d\n", file, pos.Line)
}

// here prints a directive that ends the author's text.
func (t *text) here() string { return hereMark + "\n" }

// statements prints author statements.
func (t *text) statements(list []ast.Stmt) string {
	var b strings.Builder
	for _, s := range list {
		b.WriteString(t.line(s.Pos()) + t.of(s) + "\n" + t.here())
	}
	return b.String()
}

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
			failure = t.free("failure")
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

func (t *text) zero(vars []*lift.Var) string {
	var b strings.Builder
	for _, v := range vars {
		fmt.Fprintf(&b, "%s = *new(%s)\n", t.place(v), t.typ(v.Go))
	}
	return b.String()
}

// guard prints a failure edge.
func (t *text) guard(c *lift.Guard) string {
	cond := t.of(c.Cond)
	if c.Not {
		cond = "!(" + cond + ")"
	}
	body := ""
	if t.source(c.Body.Lbrace, c.Body.Lbrace+1) == "{" {
		body = t.of(c.Body)
	} else {
		body = "{\n" + t.line(c.Body.Lbrace) + t.of(c.Body.List[0]) + "\n}"
	}
	return t.line(c.Cond.Pos()) + "if " + cond + " " + body + "\n" + t.here()
}

// deferred prints the registration of a call. Function and arguments are
// evaluated now, constants and functions need not be.
func (t *text) deferred(c *ast.CallExpr) string {
	var b strings.Builder
	b.WriteString(t.line(c.Pos()))
	fun := t.of(c.Fun)
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && t.pkg.Info.Selections[sel] != nil || t.isFuncVar(c.Fun) {
		fmt.Fprintf(&b, "fluxoFun := %s\n", fun)
		fun = "fluxoFun"
	}
	var args []string
	for i, arg := range c.Args {
		tv := t.pkg.Info.Types[arg]
		text := t.of(arg)
		if _, isLit := ast.Unparen(arg).(*ast.FuncLit); tv.Value == nil && !tv.IsNil() && !tv.IsType() && !isLit {
			name := fmt.Sprintf("fluxoArg%d", i)
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
		name = t.free("v")
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
