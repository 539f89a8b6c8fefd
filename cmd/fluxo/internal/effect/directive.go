package effect

// One //fluxo: comment line, taken apart.

import (
	"go/ast"
	"go/token"
	"strings"
)

// prefix opens every directive. Go's convention for directives: no space
// after the slashes.
const prefix = "//fluxo:"

// A directive is one line: its name and the fields after it, each with its
// place in the source.
type directive struct {
	name field
	args []field
	end  token.Pos
}

// A field is a word of a directive line.
type field struct {
	text string
	pos  token.Pos
}

func (f field) end() token.Pos { return f.pos + token.Pos(len(f.text)) }

// split returns the parts of a field written name=value.
func (f field) split() (name string, value field, has bool) {
	name, v, has := strings.Cut(f.text, "=")
	return name, field{text: v, pos: f.pos + token.Pos(len(name)+1)}, has
}

// parseLine takes a comment apart; ok is false if it is no directive. What
// follows a second // is a comment on the directive.
func parseLine(c *ast.Comment) (d directive, ok bool) {
	rest, ok := strings.CutPrefix(c.Text, prefix)
	if !ok {
		return directive{}, false
	}
	if i := strings.Index(rest, " //"); i >= 0 {
		rest = rest[:i]
	}
	at := c.Slash + token.Pos(len(prefix))
	all := fields(rest, at)
	if len(all) == 0 || all[0].pos != at {
		all = append([]field{{pos: at}}, all...)
	}
	last := all[len(all)-1]
	return directive{name: all[0], args: all[1:], end: last.end()}, true
}

// fields splits a line at white space. A carriage return is white space, so
// that sources with either kind of line end mean the same.
func fields(line string, at token.Pos) []field {
	var all []field
	start := -1
	for i := 0; i <= len(line); i++ {
		blank := i == len(line) || strings.IndexByte(" \t\r", line[i]) >= 0
		switch {
		case blank && start >= 0:
			all = append(all, field{line[start:i], at + token.Pos(start)})
			start = -1
		case !blank && start < 0:
			start = i
		}
	}
	return all
}

// looksLike reports whether a comment was meant as a directive but has space
// where Go allows none.
func looksLike(c *ast.Comment) (name string, ok bool) {
	text, line := strings.CutPrefix(c.Text, "//")
	if !line || !strings.HasPrefix(text, " ") && !strings.HasPrefix(text, "\t") {
		return "", false
	}
	rest, ok := strings.CutPrefix(strings.TrimLeft(text, " \t"), "fluxo:")
	if !ok {
		return "", false
	}
	name, _, _ = strings.Cut(rest, " ")
	return name, verbs[name] != 0
}
