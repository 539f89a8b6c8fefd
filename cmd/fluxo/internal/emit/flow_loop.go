package emit

// Loops: a cursor made by Begin, and More, which sets the next iteration's variables.

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/graph"
)

// A loopPrinter prints one loop.
type loopPrinter struct {
	*flowPrinter
	inside *lift.Scope
	cursor string   // the cursor's type
	parts  []string // its fields
	begin  string   // body of Begin; the cursor is c
	more   string   // body of More; it ends by returning true
}

func (p *flowPrinter) newLoop(n *graph.Node) *loopPrinter {
	inside := p.scopeOf(n)
	return &loopPrinter{flowPrinter: p, inside: inside,
		cursor: strings.Replace(p.frameName(inside), "Frame", "Cursor", 1)}
}

// print declares the cursor's type and prints Begin and More. The bodies were
// printed with b for the outer frame and m for the iteration's.
func (l *loopPrinter) print(b, m *text) string {
	rt := l.Runtime()
	l.Add("type %s%s struct {\n%s\n}\n", l.cursor, l.params, strings.Join(l.parts, "\n"))
	return fmt.Sprintf("Begin: func(%[1]s *%[2]s.Thread, %[3]s *%[2]s.Frame) any {\n%[4]sc := new(%[5]s%[6]s)\n%[7]sreturn c\n},\n",
		b.thread, rt, b.frame, l.marks.ofNode()+b.prelude(), l.cursor, l.args, l.begin) +
		fmt.Sprintf("More: func(%[1]s *%[2]s.Thread, cursor any, %[3]s, prev *%[2]s.Frame) bool {\nc := cursor.(*%[4]s%[5]s)\n%[6]s%[7]sreturn true\n},\n",
			m.thread, rt, m.frame, l.cursor, l.args, m.prelude(), l.more)
}

func (l *loopPrinter) field(name, typ string) { l.parts = append(l.parts, name+" "+typ) }

func (p *flowPrinter) rangeLoop(n *graph.Node, c *lift.Range, s *lift.Scope) string {
	l := p.newLoop(n)
	b, m := p.newText(s), p.newText(l.inside)
	x := b.of(c.Stmt.X)
	line := b.line(c.Stmt.X.Pos())
	t := p.pkg.Info.TypeOf(c.Stmt.X)
	set := func(key, value string) string {
		var out string
		if c.Key != nil {
			out += fmt.Sprintf("%s = %s\n", m.place(c.Key), key)
		}
		if c.Value != nil {
			out += fmt.Sprintf("%s = %s\n", m.place(c.Value), value)
		}
		return out
	}
	assignX := func() { l.begin = line + "c.x = " + x + "\n" + b.here() }
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			l.field("x", "string")
			l.field("i", "int")
			assignX()
			l.more = "if c.i >= len(c.x) { return false }\n" +
				fmt.Sprintf("char, size := %s.DecodeRuneInString(c.x[c.i:])\n", p.Import("unicode/utf8", "utf8")) +
				set("c.i", "char") + "_ = char\nc.i += size\n"
			break
		}
		if c.Key != nil {
			t = c.Key.Go
		}
		l.field("x, i", p.typ(types.Default(t)))
		assignX()
		l.more = "if c.i >= c.x { return false }\n" + set("c.i", "") + "c.i++\n"
	case *types.Slice, *types.Array, *types.Pointer:
		l.field("x", p.typ(t))
		l.field("i", "int")
		assignX()
		l.more = "if c.i >= len(c.x) { return false }\n" + set("c.i", "c.x[c.i]") + "c.i++\n"
	case *types.Map:
		l.rangeMap(c, u, set)
		l.begin = line + "c.x = " + x + "\n" + b.here() + l.begin
	case *types.Signature:
		l.rangeFunc(c, u, set)
		l.begin = line + "seq := " + x + "\n" + b.here() + l.begin
	}
	return l.print(b, m)
}

// rangeMap runs over the keys that the map had at the start and still has.
func (l *loopPrinter) rangeMap(c *lift.Range, m *types.Map, set func(key, value string) string) {
	l.field("x", l.typ(l.pkg.Info.TypeOf(c.Stmt.X)))
	l.field("keys", "[]"+l.typ(m.Key()))
	l.begin = "for k := range c.x { c.keys = append(c.keys, k) }\n"
	l.more = "for {\nif len(c.keys) == 0 { return false }\nk := c.keys[0]\nc.keys = c.keys[1:]\n" +
		"v, ok := c.x[k]\n_ = v\nif !ok && k == k { continue } // deleted since; NaN is never found\n" +
		set("k", "v") + "return true\n}\n"
}

// rangeFunc collects what an iterator yields. Only finite ones without effects get here.
func (l *loopPrinter) rangeFunc(c *lift.Range, seq *types.Signature, set func(key, value string) string) {
	yield := seq.Params().At(0).Type().Underlying().(*types.Signature)
	names := []string{"k", "v"}[:yield.Params().Len()]
	for i, name := range names {
		l.field(name, "[]"+l.typ(yield.Params().At(i).Type()))
	}
	l.field("i, n", "int")
	var keep string
	for _, name := range names {
		keep += fmt.Sprintf("c.%s = append(c.%[1]s, %[1]s)\n", name)
	}
	head := "for range seq {\n"
	if len(names) > 0 {
		head = fmt.Sprintf("for %s := range seq {\n", strings.Join(names, ", "))
	}
	l.begin = head + keep + "c.n++\n}\n"
	l.more = "if c.i >= c.n { return false }\n" + set("c.k[c.i]", "c.v[c.i]") + "c.i++\n"
}

func (p *flowPrinter) forLoop(n *graph.Node, c *lift.For, s *lift.Scope) string {
	l := p.newLoop(n)
	b, m := p.newText(s), p.newText(l.inside)
	var vars []*lift.Var
	for _, v := range c.Vars {
		if v != nil {
			vars = append(vars, v)
			l.field(p.fields[v], p.typ(v.Go))
			b.places[v] = "c." + p.fields[v]
		}
	}
	if c.Stmt.Init != nil {
		l.begin = b.line(c.Stmt.Init.Pos()) + b.of(c.Stmt.Init) + "\n" + b.here()
	}
	frame := p.frameType(l.inside)
	if n.Kind == graph.Each {
		l.each(c, vars, m)
		return l.print(b, m)
	}
	// The first iteration takes the start values, each later one those of the one before it.
	first, next := "", ""
	for _, v := range vars {
		first += fmt.Sprintf("%s = c.%s\n", m.place(v), p.fields[v])
		next += fmt.Sprintf("%s = prev.Vars.(*%s).%s\n", m.place(v), frame, p.fields[v])
	}
	if c.Stmt.Post != nil && !c.PostInside {
		next += m.line(c.Stmt.Post.Pos()) + m.of(c.Stmt.Post) + "\n" + m.here()
	}
	if first == "" && next != "" {
		l.more = "if prev != nil {\n" + next + "}\n"
	} else if first != "" {
		l.more = "if prev == nil {\n" + first + "} else {\n" + next + "}\n"
	}
	if !c.Inside {
		l.more += l.condition(c.Stmt.Cond, m)
	}
	if l.more == "" {
		l.more = "_ = c\n"
	}
	if !strings.Contains(l.more, "c.") {
		l.more = "_ = c\n" + l.more
	}
	return l.print(b, m)
}

// each prints More for a loop whose variables only its own clauses change: the
// cursor counts, so that calls may run ahead.
func (l *loopPrinter) each(c *lift.For, vars []*lift.Var, m *text) {
	l.field("begun", "bool")
	for _, v := range vars {
		m.places[v] = "c." + l.fields[v]
	}
	if c.Stmt.Post != nil {
		l.more = "if c.begun {\n" + m.line(c.Stmt.Post.Pos()) + m.of(c.Stmt.Post) + "\n" + m.here() + "}\n"
	}
	l.more += "c.begun = true\n" + l.condition(c.Stmt.Cond, m)
	for _, v := range vars {
		delete(m.places, v)
		l.more += fmt.Sprintf("%s = c.%s\n", m.place(v), l.fields[v])
	}
}

func (l *loopPrinter) condition(cond ast.Expr, m *text) string {
	if cond == nil {
		return ""
	}
	return m.line(cond.Pos()) + "if !(" + m.of(cond) + ") {\n" + m.here() + "return false\n}\n"
}

// onceLoop prints a loop of one iteration.
func (p *flowPrinter) onceLoop() string {
	rt := p.Runtime()
	return fmt.Sprintf("Begin: func(*%s.Thread, *%[1]s.Frame) any {\n%sreturn new(bool)\n},\n", rt, p.marks.ofNode()) +
		fmt.Sprintf("More: func(_ *%s.Thread, cursor any, _, _ *%[1]s.Frame) bool {\ndone := cursor.(*bool)\nfirst := !*done\n*done = true\nreturn first\n},\n", rt)
}
