package plan

// The parser of plan files.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// Parse reads a plan file; name is for positions only. All errors that were
// found, up to 20, come as one [Errors].
func Parse(name string, data []byte) (*File, error) {
	p := &parser{file: &File{Name: name}, flows: map[graph.FlowName]Pos{}}
	if len(data) > MaxFile {
		p.fail(Pos{name, 1, 1}, fmt.Sprintf("the plan has %d bytes, more than %d", len(data), MaxFile), "remove what is no plan")
		return nil, p.errs
	}
	for text := range strings.Lines(string(data)) {
		p.row++
		p.line(strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"))
		if len(p.errs) >= maxErrors {
			return nil, p.errs
		}
	}
	p.end()
	if len(p.errs) > 0 {
		return nil, p.errs
	}
	return p.file, nil
}

type parser struct {
	file  *File
	row   int
	errs  Errors
	flows map[graph.FlowName]Pos // where each flow's lines begin

	version  bool       // the version line was seen
	headless bool       // the plan begins with something else
	garbled  bool       // a line could not be read, which may have been that
	memory   Pos        // of the memory line, if one was seen
	goal     Pos        // likewise
	open     *line      // the flow whose lines are being read; nil outside
	have     []Decision // those of the open flow
}

func (p *parser) at(col int) Pos { return Pos{p.file.Name, p.row, col} }

func (p *parser) fail(pos Pos, what, fix string) {
	if len(p.errs) < maxErrors {
		p.errs = append(p.errs, &Error{pos, what, fix})
	}
}

// add appends a line that was understood.
func (p *parser) add(l line, comment string) {
	l.comment = comment
	p.file.lines = append(p.file.lines, l)
}

// line reads one line.
func (p *parser) line(text string) {
	if len(text) > MaxLine {
		p.fail(p.at(1), fmt.Sprintf("the line has %d bytes, more than %d", len(text), MaxLine), "split or remove it")
		p.garbled = true
		return
	}
	if col, what := badByte(text); col > 0 {
		p.fail(p.at(col), what, "remove it; a plan is plain UTF-8 text")
		p.garbled = true
		return
	}
	words, comment := split(text)
	if len(words) == 0 {
		p.add(line{pos: p.at(1)}, comment)
		return
	}
	if !p.version {
		p.version = true // one error is enough
		if !p.garbled || words[0].text == "fluxo" {
			p.versionLine(words, comment)
			if first := words[0].text; first != "flow" && !isHeadWord(first) {
				return
			}
		}
	}
	if p.open != nil {
		p.inside(words, comment)
	} else {
		p.outside(words, comment)
	}
}

func (p *parser) versionLine(words []word, comment string) {
	const fix = `begin the plan with the line "fluxo 1"`
	switch {
	case words[0].text == "fluxo" && len(words) != 2:
		p.fail(p.at(words[0].col), "fluxo needs the version of the format, and nothing else", fix)
	case words[0].text != "fluxo":
		p.headless = true
		p.fail(p.at(words[0].col), fmt.Sprintf("the plan begins with %q and not with its version", shorten(words[0].text)), fix)
	case words[1].text != strconv.Itoa(FormatVersion):
		p.fail(p.at(words[1].col), fmt.Sprintf("the plan has format %q, and this Fluxo reads format %d", shorten(words[1].text), FormatVersion),
			"use the Fluxo that wrote the plan, or write it again with this one")
	default:
		p.add(line{kind: versionLine, pos: p.at(words[0].col)}, comment)
	}
}

// outside reads a line that belongs to no flow.
func (p *parser) outside(words []word, comment string) {
	pos := p.at(words[0].col)
	switch words[0].text {
	case "fluxo":
		if !p.headless { // else it is missed already where it belongs
			p.fail(pos, "the version is written twice", "remove this line")
		}
	case "memory":
		p.memoryLine(words, comment)
	case "goal":
		p.goalLine(words, comment)
	case "limit":
		p.limitLine(words, comment)
	case "flow":
		p.flowLine(words, comment)
	case ")":
		p.fail(pos, "there is no flow to close", "remove the parenthesis, or write the line flow NAME ( before")
	default:
		what := fmt.Sprintf("unknown word %q", shorten(words[0].text))
		if isDecisionWord(words[0].text) {
			what = fmt.Sprintf("%q stands outside of a flow", words[0].text)
		}
		p.fail(pos, what, "write memory SIZE, goal or limit, or put decisions between flow NAME ( and )")
	}
}

func (p *parser) memoryLine(words []word, comment string) {
	pos := p.at(words[0].col)
	if p.memory.Line > 0 {
		p.fail(pos, fmt.Sprintf("memory is written twice, first in line %d", p.memory.Line), "remove one of the two lines")
		return
	}
	p.memory = pos
	if len(words) != 2 {
		p.fail(pos, "memory needs one size", "write it as in memory 64MiB")
		return
	}
	size, ok := ParseBytes(words[1].text)
	if !ok {
		p.fail(p.at(words[1].col), fmt.Sprintf("%q is no size", shorten(words[1].text)), "write a whole number of KiB, MiB or GiB without a space, as in 64MiB")
		return
	}
	p.add(line{kind: memoryLine, memory: size, pos: pos}, comment)
}

// flowLine opens a flow. Even where the line is wrong the lines after it are
// read as its own, so that one mistake is one error.
func (p *parser) flowLine(words []word, comment string) {
	pos := p.at(words[0].col)
	last := words[len(words)-1]
	if len(words) == 1 {
		p.fail(pos, "a flow without a name", "write flow NAME (")
		return
	}
	if last.text != "(" {
		fix := "write flow NAME ( and each decision on a line of its own"
		p.fail(p.at(last.col), "the line of a flow ends without an opening parenthesis", fix)
		if strings.HasSuffix(last.text, ")") {
			return // all on one line: nothing was opened
		}
	}
	var parts []string
	for _, w := range words[1 : len(words)-1] {
		parts = append(parts, w.text)
	}
	name := strings.Join(parts, " ") // generic receivers have blanks in their names
	if last.text == "(" && !isFlowName(name) {
		p.fail(pos, fmt.Sprintf("%q is no name of a flow", shorten(name)), "write its full name, as in flow example.com/shop.Page ( or flow (*example.com/shop.Server).Page (")
	}
	l := line{kind: openLine, flow: graph.FlowName(name), pos: pos}
	if first, ok := p.flows[l.flow]; ok {
		p.fail(pos, fmt.Sprintf("flow %s has lines already, from line %d on", name, first.Line), "move these lines there")
	}
	p.flows[l.flow] = pos
	p.open, p.have = &l, nil
	p.add(l, comment)
}

// isFlowName reports whether s looks like a function's full name: not empty,
// balanced, blanks only within brackets.
func isFlowName(s string) bool {
	depth, brackets := 0, 0
	for _, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case '[':
			brackets++
		case ']':
			brackets--
		case ' ':
			if brackets == 0 {
				return false
			}
		}
		if depth < 0 || brackets < 0 {
			return false
		}
	}
	return s != "" && depth == 0 && brackets == 0
}

// inside reads a line of the open flow.
func (p *parser) inside(words []word, comment string) {
	pos := p.at(words[0].col)
	switch words[0].text {
	case ")":
		if len(words) > 1 {
			p.fail(p.at(words[1].col), fmt.Sprintf("%q after the closing parenthesis", shorten(words[1].text)), "put it on a line of its own")
		}
		p.open = nil
		p.add(line{kind: closeLine, pos: pos}, comment)
		return
	case "flow", "memory", "goal", "limit", "fluxo":
		p.fail(pos, fmt.Sprintf("%q stands inside flow %s, which line %d opens", words[0].text, shorten(string(p.open.flow)), p.open.pos.Line), "close that flow with ) on a line before")
		if words[0].text == "flow" {
			p.open = nil
			p.flowLine(words, comment)
		}
		return
	}
	d, ok := p.decision(words)
	if !ok {
		return
	}
	for _, e := range p.have {
		if what, fix := contradiction(e, d); what != "" {
			p.fail(pos, fmt.Sprintf("%s, see line %d", what, e.Pos.Line), fix)
			return
		}
	}
	if len(p.have) == MaxDecisions {
		p.fail(pos, fmt.Sprintf("flow %s has more than %d lines", shorten(string(p.open.flow)), MaxDecisions), "remove some")
		return
	}
	p.have = append(p.have, d)
	p.add(line{kind: decisionLine, decision: d, pos: pos}, comment)
}

// MaxDecisions bounds the lines of one flow.
const MaxDecisions = 1000

// end checks what only the end of the file can show.
func (p *parser) end() {
	p.row = max(p.row, 1)
	if !p.version && !p.garbled {
		p.fail(p.at(1), "the plan is empty", `begin the plan with the line "fluxo 1"`)
	}
	if p.open != nil {
		p.fail(p.at(1), fmt.Sprintf("the plan ends inside flow %s, which line %d opens", shorten(string(p.open.flow)), p.open.pos.Line), "close it with ) on a line of its own, and see that nothing was cut off")
	}
}

// isHeadWord reports whether s begins a line about all flows.
func isHeadWord(s string) bool { return s == "memory" || s == "goal" || s == "limit" }

func isDecisionWord(s string) bool {
	return s != "" && (slices.Contains(verbs[:], s) || slices.Contains(marks[:], s))
}
