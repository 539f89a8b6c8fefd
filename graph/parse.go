package graph

// The parser of the text form. Services run it when they start, so it goes
// over the text once and cuts names out of it without copying.

import (
	"fmt"
	"strconv"
)

// A SyntaxError says where a text is not a graph, and what was expected.
type SyntaxError struct {
	Line, Col int // from 1; Col counts bytes
	Msg       string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("graph text %d:%d: %s", e.Line, e.Col, e.Msg)
}

// maxDepth bounds how deep blocks may nest.
const maxDepth = 256

// Parse reads a graph in text form. What it returns need not be sane: see [Check].
// An error is a *SyntaxError.
func Parse(text string) (g *Graph, err error) {
	p := &parser{src: text}
	defer func() {
		if r := recover(); r != nil {
			se, ok := r.(*SyntaxError)
			if !ok {
				panic(r)
			}
			g, err = nil, se
		}
	}()
	return p.graph(), nil
}

type parser struct {
	src   string
	pos   int
	depth int
}

func (p *parser) graph() *Graph {
	g := &Graph{}
	p.lines()
	p.keyword("flow")
	g.Flow = FlowName(p.long("the flow's name"))
	p.endLine()
	for {
		p.lines()
		start := p.pos
		w := p.bare()
		if w == "body" {
			break
		}
		role := indexOf(roleNames[:], w)
		if role < 0 {
			p.failAt(start, "expected param, var, result or body, found %s", p.foundAt(start))
		}
		g.Vars = append(g.Vars, p.variable(Role(role)))
	}
	g.Body = p.block()
	p.lines()
	if p.pos < len(p.src) {
		p.fail("expected the end of the text, found %s", p.found())
	}
	return g
}

func (p *parser) variable(role Role) *Var {
	v := &Var{Role: role, ID: VarID(p.id("the variable's name"))}
	v.Kind = VarKind(p.oneOf(varKindNames[:], "a kind of variable"))
	v.Type = p.long("the variable's type")
	for !p.atEnd() {
		start := p.pos
		switch p.bare() {
		case "key":
			v.Key = true
		case "copy":
			v.Copy = true
		case "alias":
			v.Alias = p.value()
		case "scope":
			v.Scope = NodeID(p.value())
		case "of":
			v.Of = VarID(p.value())
		default:
			p.failAt(start, "expected key, copy, alias=, scope=, of= or the end of the line, found %s", p.foundAt(start))
		}
	}
	p.endLine()
	return v
}

func (p *parser) block() *Block {
	p.depth++
	if p.depth > maxDepth {
		p.fail("blocks nest deeper than %d", maxDepth)
	}
	p.expect('{')
	p.endLine()
	b := &Block{}
	for p.lines(); !p.at('}'); p.lines() {
		b.Nodes = append(b.Nodes, p.node())
		p.endLine()
	}
	p.expect('}')
	p.depth--
	return b
}

func (p *parser) node() *Node {
	n := &Node{}
	n.Kind = Kind(p.oneOf(kindNames[:], "a kind of node or }"))
	n.ID = NodeID(p.id("the node's ID"))
	if n.Kind.hasCallee() {
		n.Callee = p.long("the function called")
	}
	if n.Kind == Start {
		n.First = NodeID(p.id("the first node of the range"))
		p.expect('.')
		p.expect('.')
		n.Last = NodeID(p.id("the last node of the range"))
	} else if !n.Kind.IsPlanned() {
		n.In = p.list()
		p.expect('-')
		p.expect('>')
		n.Out = p.list()
	}
	p.attributes(n)
	for p.at('{') {
		n.Blocks = append(n.Blocks, p.block())
	}
	return n
}

// attributes reads what stands between a node's variables and its blocks.
func (p *parser) attributes(n *Node) {
	for !p.atEnd() {
		start := p.pos
		switch c := p.src[p.pos]; {
		case c == '@':
			p.pos++
			n.Pos.File = p.id("a file")
			p.expect(':')
			n.Pos.Line = p.number()
		case c == '{' && p.blockAhead():
			return
		case c == '{':
			n.Effects = p.effects()
		case c == '`' || c == '"':
			n.Text = p.quoted()
		default:
			p.attribute(n, start)
		}
	}
}

func (p *parser) attribute(n *Node, start int) {
	switch p.bare() {
	case "edit":
		p.expect('=')
		n.Edit = p.list()
	case "points":
		p.expect('=')
		n.Points = p.list()
	case "err":
		n.Err = VarID(p.value())
	case "exit":
		p.expect('=')
		n.Exits = p.exits()
	case "loops":
		p.expect('=')
		n.Loops = p.number()
	case "limit":
		p.expect('=')
		n.Limit = p.number()
	case "ahead":
		p.expect('=')
		n.Ahead = p.number()
	case "refresh":
		p.expect('=')
		n.Refresh = p.number()
	case "after":
		p.expect('=')
		n.After = p.duration()
	case "budget":
		p.expect('=')
		n.Budget = p.number()
	case "answer":
		n.Answer = true
	case "panics":
		n.Panics = true
	case "total":
		n.Total = true
	case "fork":
		n.Fork = p.fork()
	default:
		p.failAt(start, "expected edit=, points=, err=, exit=, loops=, limit=, ahead=, refresh=, after=, budget=, answer, panics, total, fork=, @file:line, {effects}, `source` or a block, found %s", p.foundAt(start))
	}
}

// fork reads what follows the word fork.
func (p *parser) fork() *Fork {
	f := &Fork{Group: p.value()}
	for !p.atEnd() {
		start := p.pos
		switch p.bare() {
		case "function":
			p.expect('=')
			f.Function = p.number()
		case "limit":
			p.expect('=')
			f.Limit = p.number()
		case "over":
			f.Over = NodeID(p.value())
		case "rounds":
			f.Rounds = true
		case "locked":
			f.Locked = true
		default:
			p.pos = start
			return f
		}
	}
	return f
}

func (p *parser) exits() (e Exits) {
	for {
		e |= 1 << p.oneOf(exitNames[:], "an exit")
		if !p.at(',') {
			return e
		}
		p.pos++
	}
}

func (p *parser) number() int {
	start := p.skip()
	n, err := strconv.Atoi(p.bare())
	if err != nil {
		p.failAt(start, "expected a number, found %s", p.foundAt(start))
	}
	return n
}

func (p *parser) list() (ids []VarID) {
	p.expect('(')
	for !p.at(')') {
		ids = append(ids, VarID(p.id("a variable or )")))
	}
	p.pos++
	return ids
}
