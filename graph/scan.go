package graph

// The scanner below the parser: words, quotes, and where the text went wrong.

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// skip passes over space within the line and returns the position after it.
func (p *parser) skip() int {
	for p.pos < len(p.src) && (p.src[p.pos] == ' ' || p.src[p.pos] == '\t' || p.src[p.pos] == '\r') {
		p.pos++
	}
	return p.pos
}

// lines passes over space and line ends.
func (p *parser) lines() {
	for p.skip(); p.pos < len(p.src) && p.src[p.pos] == '\n'; p.skip() {
		p.pos++
	}
}

// at reports whether c comes next.
func (p *parser) at(c byte) bool {
	p.skip()
	return p.pos < len(p.src) && p.src[p.pos] == c
}

// atEnd reports whether the line ends here.
func (p *parser) atEnd() bool {
	p.skip()
	return p.pos == len(p.src) || p.src[p.pos] == '\n'
}

// blockAhead reports whether the brace that comes next ends its line, and so
// opens a block and not a list of effects.
func (p *parser) blockAhead() bool {
	rest := strings.TrimLeft(p.src[p.pos+1:], " \t\r")
	return rest == "" || rest[0] == '\n'
}

func (p *parser) expect(c byte) {
	if !p.at(c) {
		p.fail("expected %q, found %s", c, p.found())
	}
	p.pos++
}

func (p *parser) endLine() {
	if !p.atEnd() {
		p.fail("expected the end of the line, found %s", p.found())
	}
}

// bare cuts the next word without quotes; "" if there is none.
func (p *parser) bare() string {
	start := p.skip()
	for p.pos < len(p.src) && !stops[p.src[p.pos]] {
		if p.src[p.pos] == '.' && strings.HasPrefix(p.src[p.pos:], "..") {
			break
		}
		p.pos++
	}
	return p.src[start:p.pos]
}

// id reads a word that may be quoted.
func (p *parser) id(what string) string {
	if p.at('"') || p.at('`') {
		return p.quoted()
	}
	w := p.bare()
	if w == "" {
		p.fail("expected %s, found %s", what, p.found())
	}
	return w
}

// long reads a word that ends at the next space or is quoted.
func (p *parser) long(what string) string {
	if p.at('"') || p.at('`') {
		return p.quoted()
	}
	start := p.skip()
	for p.pos < len(p.src) && p.src[p.pos] > ' ' {
		p.pos++
	}
	if p.pos == start {
		p.fail("expected %s, found %s", what, p.found())
	}
	return p.src[start:p.pos]
}

func (p *parser) quoted() string {
	q, err := strconv.QuotedPrefix(p.src[p.pos:])
	if err != nil {
		p.fail("expected the quote to be closed in this line")
	}
	if strings.Contains(q, "\n") {
		p.fail("expected the quote to be closed in this line")
	}
	p.pos += len(q)
	if q[0] == '`' && !strings.Contains(q, "\r") {
		return q[1 : len(q)-1] // without copying
	}
	s, _ := strconv.Unquote(q)
	return s
}

// value reads =id.
func (p *parser) value() string {
	p.expect('=')
	return p.id("a value")
}

func (p *parser) keyword(w string) {
	start := p.skip()
	if p.bare() != w {
		p.failAt(start, "expected %s, found %s", w, p.foundAt(start))
	}
}

// oneOf reads one of names and returns its place among them.
func (p *parser) oneOf(names []string, what string) int {
	start := p.skip()
	i := indexOf(names, p.bare())
	if i < 0 {
		p.failAt(start, "expected %s (%s), found %s", what, strings.Join(names, ", "), p.foundAt(start))
	}
	return i
}

// found describes what stands at the present position.
func (p *parser) found() string { return p.foundAt(p.pos) }

func (p *parser) foundAt(at int) string {
	const most = 20 // bytes shown
	rest := p.src[at:]
	if rest == "" {
		return "the end of the text"
	}
	end := strings.IndexAny(rest, " \t\r\n")
	switch {
	case end == 0 && rest[0] == '\n':
		return "the end of the line"
	case end < 0 || end > most:
		end = min(most, len(rest))
	case end == 0:
		end = 1
	}
	for end < len(rest) && end > 1 && !utf8.RuneStart(rest[end]) {
		end--
	}
	return strconv.Quote(rest[:end])
}

func (p *parser) fail(format string, args ...any) { p.failAt(p.pos, format, args...) }

func (p *parser) failAt(at int, format string, args ...any) {
	before := p.src[:at]
	panic(&SyntaxError{
		Line: strings.Count(before, "\n") + 1,
		Col:  at - strings.LastIndexByte(before, '\n'),
		Msg:  fmt.Sprintf(format, args...),
	})
}
