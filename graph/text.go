package graph

// The printer of the stable text form; parse.go reads it back, grammar.go has
// the words that both use.

import (
	"strconv"
	"strings"
	"time"
)

// String returns the graph's text form. Graphs that differ in nothing have the
// same text; [Parse] gives back the graph.
func (g *Graph) String() string {
	p := &printer{}
	p.word("flow")
	p.long(string(g.Flow))
	p.newline()
	g.printVars(p)
	g.printBody(p)
	return p.b.String()
}

func (g *Graph) printVars(p *printer) {
	for _, v := range g.Vars {
		p.variable(v)
	}
}

func (g *Graph) printBody(p *printer) {
	p.word("body")
	p.block(g.Body)
	p.newline()
}

// A printer writes words with one space between them.
type printer struct {
	b        strings.Builder
	indent   int
	inLine   bool // a word stands in the present line
	unplaced bool // nodes are printed without their positions
}

func (p *printer) word(w string) {
	if p.inLine {
		p.b.WriteByte(' ')
	} else {
		for range p.indent {
			p.b.WriteByte('\t')
		}
	}
	p.b.WriteString(w)
	p.inLine = true
}

func (p *printer) newline() {
	p.b.WriteByte('\n')
	p.inLine = false
}

// long prints a name that may hold brackets: a function, a type.
func (p *printer) long(s string) { p.word(quoteUnless(s, isLong)) }

func (p *printer) id(s string) { p.word(quoteUnless(s, isBare)) }

// attr prints name=value.
func (p *printer) attr(name, value string) { p.word(name + "=" + quoteUnless(value, isBare)) }

func (p *printer) variable(v *Var) {
	p.word(roleNames[v.Role])
	p.id(string(v.ID))
	p.word(v.Kind.String())
	p.long(v.Type)
	if v.Key {
		p.word("key")
	}
	if v.Copy {
		p.word("copy")
	}
	if v.Alias != "" {
		p.attr("alias", v.Alias)
	}
	if v.Scope != "" {
		p.attr("scope", string(v.Scope))
	}
	if v.Of != "" {
		p.attr("of", string(v.Of))
	}
	p.newline()
}

// block prints a block from its opening brace, which ends the line, to its
// closing one, which begins one.
func (p *printer) block(b *Block) {
	p.word("{")
	p.newline()
	p.indent++
	for _, n := range b.Nodes {
		p.node(n)
		p.newline()
	}
	p.indent--
	p.word("}")
}

func (p *printer) node(n *Node) {
	p.word(n.Kind.String())
	p.id(string(n.ID))
	if n.Kind.hasCallee() {
		p.long(n.Callee)
	}
	if n.Kind == Start {
		p.word(quoteUnless(string(n.First), isBare) + ".." + quoteUnless(string(n.Last), isBare))
	} else if !n.Kind.IsPlanned() {
		p.word(list(n.In) + " -> " + list(n.Out))
	}
	p.attributes(n)
	if n.Pos != (Pos{}) && !p.unplaced {
		p.word("@" + quoteUnless(n.Pos.File, isBare) + ":" + strconv.Itoa(n.Pos.Line))
	}
	if len(n.Effects) > 0 {
		p.word(effectsText(n.Effects))
	}
	if n.Text != "" {
		p.word(quote(n.Text))
	}
	for _, b := range n.Blocks {
		p.block(b)
	}
}

func (p *printer) attributes(n *Node) {
	if len(n.Edit) > 0 {
		p.word("edit=" + list(n.Edit))
	}
	if len(n.Points) > 0 {
		p.word("points=" + list(n.Points))
	}
	if n.Err != "" {
		p.attr("err", string(n.Err))
	}
	if n.Exits != 0 {
		p.word("exit=" + n.Exits.String())
	}
	if n.Loops != 0 {
		p.attr("loops", strconv.Itoa(n.Loops))
	}
	if n.Limit != 0 {
		p.attr("limit", strconv.Itoa(n.Limit))
	}
	if n.Ahead != 0 {
		p.attr("ahead", strconv.Itoa(n.Ahead))
	}
	if n.Refresh != 0 {
		p.attr("refresh", strconv.Itoa(n.Refresh))
	}
	if n.After != 0 {
		p.attr("after", durationText(n.After))
	}
	if n.Budget != 0 {
		p.attr("budget", strconv.Itoa(n.Budget))
	}
	if n.Answer {
		p.word("answer")
	}
	if n.Panics {
		p.word("panics")
	}
	if n.Total {
		p.word("total")
	}
	if f := n.Fork; f != nil {
		p.fork(f)
	}
}

func (p *printer) fork(f *Fork) {
	p.attr("fork", f.Group)
	p.attr("function", strconv.Itoa(f.Function))
	if f.Limit != 0 {
		p.attr("limit", strconv.Itoa(f.Limit))
	}
	if f.Over != "" {
		p.attr("over", string(f.Over))
	}
	if f.Rounds {
		p.word("rounds")
	}
	if f.Locked {
		p.word("locked")
	}
}

func list(ids []VarID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = quoteUnless(string(id), isBare)
	}
	return "(" + strings.Join(words, " ") + ")"
}

func effectsText(all []Effect) string {
	texts := make([]string, len(all))
	for i, e := range all {
		texts[i] = e.String()
	}
	return "{" + strings.Join(texts, "; ") + "}"
}

// String returns the effect as it stands in the text form.
func (e Effect) String() string {
	p := &printer{}
	p.word(e.Class.String())
	if e.Class == Volatile {
		p.word(durationText(e.For))
	} else if e.For != 0 {
		p.attr("for", durationText(e.For))
	}
	for _, k := range e.Data {
		p.word(k.String())
	}
	for _, a := range []struct {
		name string
		d    time.Duration
	}{{"within", e.Within}, {"onerror", e.OnError}} {
		if a.d != 0 {
			p.attr(a.name, durationText(a.d))
		}
	}
	if len(e.Errors) > 0 {
		kinds := make([]string, len(e.Errors))
		for i, k := range e.Errors {
			kinds[i] = quoteUnless(k, isBare)
		}
		p.word("errors=" + strings.Join(kinds, ","))
	}
	for i, set := range []bool{e.Idempotent, e.Deferrable, e.Unordered} {
		if set {
			p.word(effectWords[i])
		}
	}
	if e.Hidden != "" {
		p.attr("hidden", e.Hidden)
	}
	return p.b.String()
}

// String returns the key as directives write it: posts:{id}:de.
func (k DataKey) String() string {
	name := quoteUnless(k.Name, func(s string) bool { return isBare(s) && !isEffectWord(s) })
	for _, part := range k.Parts {
		if literal, ok := strings.CutPrefix(part, "="); ok {
			name += ":" + quoteUnless(literal, isBare)
		} else {
			name += ":{" + quoteUnless(part, isExpr) + "}"
		}
	}
	return name
}

// durationText is d without the zero units at its end: 24h, not 24h0m0s.
func durationText(d time.Duration) string {
	s := d.String()
	if s == "0s" {
		return "0"
	}
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
