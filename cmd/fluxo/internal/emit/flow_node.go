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
	p.marks.at(p.flow.At[n])
	switch code := p.flow.Code[n].(type) {
	case *lift.Stmts:
		return p.run(s, code, func(t *text) string { return t.statements(code.List) })
	case *lift.Set:
		return p.run(s, code, func(t *text) string { return t.set(code) }) + p.data(n, code.Call, code.Fn, s)
	case *lift.Zero:
		return p.run(s, code, func(t *text) string { return t.zero(code.Vars) })
	case *lift.Guard:
		return p.run(s, code, func(t *text) string { return t.guard(code) })
	case *lift.Holds:
		return p.run(s, code, func(t *text) string {
			return t.line(code.Cond.Pos()) + t.place(code.Var) + " = " + p.Runtime() + ".Holds(" + t.of(code.Cond) + ")\n" + t.here()
		})
	case *lift.Return:
		return p.run(s, code, func(t *text) string { return t.at(n.Pos) + t.returns(code.Results) + "\n" + t.here() })
	case *lift.Defer:
		return p.run(s, code, func(t *text) string { return t.deferred(code.Call) }) + p.data(n, code.Call, code.Fn, s)
	case *lift.If:
		return p.pick(s, func(t *text) string { return t.pickIf(code, len(n.Blocks)) })
	case *lift.Switch:
		return p.pick(s, func(t *text) string { return t.pickSwitch(code) })
	case *lift.Choose:
		return p.run(s, code, func(t *text) string { return t.choose(code) })
	case *lift.Chosen:
		return p.pick(s, func(t *text) string {
			return fmt.Sprintf("if %s == %d {\nreturn 0\n}\nreturn -1\n", t.place(code.Var), code.Clause)
		})
	case *lift.TypeSwitch:
		return p.pick(s, func(t *text) string { return t.pickType(code) })
	case *lift.WithCancel:
		return p.run(s, code, func(t *text) string {
			return fmt.Sprintf("%s%s, %s = %s.WithGroup(%s)\n%s", t.line(code.Parent.Pos()), t.place(code.Ctx), t.place(code.Stop),
				p.Runtime(), t.of(code.Parent), t.here())
		})
	case *lift.Invoke:
		return p.run(s, code, func(t *text) string { return t.place(code.Func) + "()\n" })
	case *lift.Ends:
		return p.run(s, code, func(t *text) string {
			return fmt.Sprintf("%s.Ends(%s, %s)\n", p.Runtime(), t.place(code.Ctx), t.place(code.Err))
		})
	case *lift.Until:
		return p.run(s, code, func(t *text) string {
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
func (p *flowPrinter) run(s *lift.Scope, code lift.Code, body func(t *text) string) string {
	t := p.newText(s)
	b := body(t)
	rt := p.Runtime()
	end := "return " + rt + ".Next\n"
	if p.endsInReturn(code) {
		end = ""
	}
	return fmt.Sprintf("Run: func(%[1]s *%[2]s.Thread, %[3]s *%[2]s.Frame) %[2]s.Exit {\n%[4]s%[5]s%[6]s},\n",
		t.thread, rt, t.frame, p.marks.ofNode()+t.prelude(), b, end)
}

func (p *flowPrinter) pick(s *lift.Scope, body func(t *text) string) string {
	t := p.newText(s)
	b := body(t)
	rt := p.Runtime()
	return fmt.Sprintf("Pick: func(%[1]s *%[2]s.Thread, %[3]s *%[2]s.Frame) int {\n%[4]s%[5]s},\n",
		t.thread, rt, t.frame, p.marks.ofNode()+t.prelude(), b)
}

// endsInReturn reports whether the last statement that is printed for code is a return of the node.
func (p *flowPrinter) endsInReturn(code lift.Code) bool {
	switch code := code.(type) {
	case *lift.Return:
		return true
	case *lift.Stmts:
		switch last := code.List[len(code.List)-1].(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			_, jumps := p.flow.Jumps[last]
			return jumps
		}
	}
	return false
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
		b.WriteString(t.marks.once(s.Pos()) + t.line(s.Pos()) + t.of(s) + "\n" + t.here())
	}
	return b.String()
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
	var cond string
	switch {
	case c.Cond == nil:
		return "if " + t.place(c.Held) + " != nil " + t.of(c.Body) + "\n" + t.here()
	case c.Not:
		cond = "!(" + t.of(c.Cond) + ")"
	default:
		cond = t.of(c.Cond)
	}
	body := ""
	if t.source(c.Body.Lbrace, c.Body.Lbrace+1) == "{" {
		body = t.of(c.Body)
	} else {
		body = "{\n" + t.line(c.Body.Lbrace) + t.marks.of(c.Body.List[0]) + t.of(c.Body.List[0]) + "\n}"
	}
	return t.line(c.Cond.Pos()) + "if " + cond + " " + body + "\n" + t.here()
}
