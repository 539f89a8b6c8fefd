package emit

// Loops: a cursor made by Begin, and More, which sets the next iteration's variables.

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
	"fluxo.dev/fluxo/graph"
)

// A loopPrinter prints one loop.
type loopPrinter struct {
	*flowPrinter
	inside *lift.Scope
	cursor string   // the cursor's type
	c      string   // the cursor's name in Begin and More
	prev   string   // More's name for the frame of the iteration before
	parts  []string // its fields
	begin  string   // body of Begin
	more   string   // body of More; it ends by returning true
}

func (p *flowPrinter) newLoop(n *graph.Node) *loopPrinter {
	inside := p.scopeOf(n)
	return &loopPrinter{flowPrinter: p, inside: inside,
		cursor: strings.Replace(p.frameName(inside), "Frame", "Cursor", 1), c: value.Local("c"), prev: value.Local("prev")}
}

// print declares the cursor's type and prints Begin and More. The bodies were
// printed with b for the outer frame and m for the iteration's. The cursor is
// made before anything of the author's is declared: that may be called new.
func (l *loopPrinter) print(b, m *text) string {
	rt := l.Runtime()
	l.Add("type %s%s struct {\n%s\n}\n", l.cursor, l.params, strings.Join(l.parts, "\n"))
	cursor, bind := "_", ""
	if len(l.parts) > 0 {
		cursor = value.Local("cursor")
		bind = fmt.Sprintf("%s := %s.(*%s%s)\n", l.c, cursor, l.cursor, l.args)
	}
	return fmt.Sprintf("Begin: func(%[1]s *%[2]s.Thread, %[3]s *%[2]s.Frame) any {\n%[4]s%[5]s := new(%[6]s%[7]s)\n%[8]s%[9]sreturn %[5]s\n},\n",
		b.thread, rt, b.frame, l.marks.ofNode(), l.c, l.cursor, l.args, b.prelude(), l.begin) +
		fmt.Sprintf("More: func(%[1]s *%[2]s.Thread, %[3]s any, %[4]s, %[5]s *%[2]s.Frame) bool {\n%[6]s%[7]s%[8]sreturn true\n},\n",
			m.thread, rt, cursor, m.frame, l.prev, bind, m.prelude(), l.more)
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
	assignX := func() { l.begin = line + l.c + ".x = " + x + "\n" + b.here() }
	switch u := lift.Ranged(t).(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			l.field("x", p.typ(types.Default(t)))
			l.field("i", "int")
			assignX()
			l.more = value.Text("if %[1]s.i >= len(%[1]s.x) { return false }\n$char, $size := %[2]s.DecodeRuneInString(string(%[1]s.x[%[1]s.i:]))\n",
				l.c, p.Import("unicode/utf8", "utf8")) + set(l.c+".i", value.Local("char")) + value.Text("_ = $char\n%s.i += $size\n", l.c)
			break
		}
		if c.Key != nil {
			t = c.Key.Go
		}
		l.field("x, i", p.typ(types.Default(t)))
		assignX()
		l.more = fmt.Sprintf("if %[1]s.i >= %[1]s.x { return false }\n", l.c) + set(l.c+".i", "") + l.c + ".i++\n"
	case *types.Slice, *types.Array, *types.Pointer:
		l.field("x", p.typ(t))
		l.field("i", "int")
		assignX()
		l.more = fmt.Sprintf("if %[1]s.i >= len(%[1]s.x) { return false }\n", l.c) +
			set(l.c+".i", fmt.Sprintf("%[1]s.x[%[1]s.i]", l.c)) + l.c + ".i++\n"
	case *types.Map:
		l.rangeMap(c, u, set)
		l.begin = line + l.c + ".x = " + x + "\n" + b.here() + l.begin
	case *types.Signature:
		l.rangeFunc(c, u, set)
		l.begin = line + value.Text("$seq := ") + x + "\n" + b.here() + l.begin
	}
	return l.print(b, m)
}

// rangeMap runs over the keys that the map had at the start and still has.
func (l *loopPrinter) rangeMap(c *lift.Range, m *types.Map, set func(key, value string) string) {
	l.field("x", l.typ(l.pkg.Info.TypeOf(c.Stmt.X)))
	l.field("keys", "[]"+l.typ(m.Key()))
	l.begin = value.Text("for $k := range %[1]s.x { %[1]s.keys = append(%[1]s.keys, $k) }\n", l.c)
	l.more = value.Text("for {\nif len(%[1]s.keys) == 0 { return false }\n$k := %[1]s.keys[0]\n%[1]s.keys = %[1]s.keys[1:]\n"+
		"$v, $ok := %[1]s.x[$k]\n_ = $v\nif !$ok && $k == $k { continue } // deleted since; NaN is never found\n", l.c) +
		set(value.Local("k"), value.Local("v")) + "return true\n}\n"
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
	var locals []string
	for _, name := range names {
		locals = append(locals, value.Local(name))
		keep += fmt.Sprintf("%[1]s.%[2]s = append(%[1]s.%[2]s, %[3]s)\n", l.c, name, value.Local(name))
	}
	head := value.Text("for range $seq {\n")
	if len(names) > 0 {
		head = value.Text("for %s := range $seq {\n", strings.Join(locals, ", "))
	}
	l.begin = head + keep + l.c + ".n++\n}\n"
	at := fmt.Sprintf("[%s.i]", l.c)
	l.more = fmt.Sprintf("if %[1]s.i >= %[1]s.n { return false }\n", l.c) + set(l.c+".k"+at, l.c+".v"+at) + l.c + ".i++\n"
}

func (p *flowPrinter) forLoop(n *graph.Node, c *lift.For, s *lift.Scope) string {
	l := p.newLoop(n)
	b, m := p.newText(s), p.newText(l.inside)
	var vars []*lift.Var
	for _, v := range c.Vars {
		if v != nil {
			vars = append(vars, v)
			l.field(p.fields[v], p.typ(v.Go))
			b.places[v] = l.c + "." + p.fields[v]
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
		first += fmt.Sprintf("%s = %s.%s\n", m.place(v), l.c, p.fields[v])
		next += fmt.Sprintf("%s = %s.Vars.(*%s).%s\n", m.place(v), l.prev, frame, p.fields[v])
	}
	if c.Stmt.Post != nil && !c.PostInside {
		next += m.line(c.Stmt.Post.Pos()) + m.of(c.Stmt.Post) + "\n" + m.here()
	}
	if first == "" && next != "" {
		l.more = "if " + l.prev + " != nil {\n" + next + "}\n"
	} else if first != "" {
		l.more = "if " + l.prev + " == nil {\n" + first + "} else {\n" + next + "}\n"
	}
	if !c.Inside {
		l.more += l.condition(c.Stmt.Cond, m)
	}
	return l.print(b, m)
}

// each prints More for a loop whose variables only its own clauses change: the
// cursor counts, so that calls may run ahead.
func (l *loopPrinter) each(c *lift.For, vars []*lift.Var, m *text) {
	begun := l.c + ".fluxoBegun"
	l.field("fluxoBegun", "bool")
	for _, v := range vars {
		m.places[v] = l.c + "." + l.fields[v]
	}
	if c.Stmt.Post != nil {
		l.more = "if " + begun + " {\n" + m.line(c.Stmt.Post.Pos()) + m.of(c.Stmt.Post) + "\n" + m.here() + "}\n"
	}
	l.more += begun + " = true\n" + l.condition(c.Stmt.Cond, m)
	for _, v := range vars {
		delete(m.places, v)
		l.more += fmt.Sprintf("%s = %s.%s\n", m.place(v), l.c, l.fields[v])
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
		value.Text("More: func(_ *%s.Thread, $cursor any, _, _ *%[1]s.Frame) bool {\n$done := $cursor.(*bool)\n$first := !*$done\n*$done = true\nreturn $first\n},\n", rt)
}
