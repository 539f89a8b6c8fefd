package graph

// What differs between two versions of a flow.

import (
	"slices"
	"strconv"
	"strings"
)

// Differ names what differs first between two graphs of a flow, nodes before variables: "step Left", or
// "step Left in place of step Right". It is "" if nothing does. Where nodes stand in files counts for nothing: that
// changes with every line above them.
func Differ(was, is *Graph) string {
	if was.Flow != is.Flow {
		return "flow " + string(is.Flow) + " in place of flow " + string(was.Flow)
	}
	for _, part := range []func(*Graph, *printer){(*Graph).printBody, (*Graph).printVars} {
		before, after := unplaced(was, part), unplaced(is, part)
		for i := range max(len(before), len(after)) {
			a, b := lineOf(before, i), lineOf(after, i)
			switch {
			case a == b:
			case headOf(a) == headOf(b):
				return headOf(b)
			default:
				return headOf(b) + " in place of " + headOf(a)
			}
		}
	}
	return ""
}

// unplaced returns the lines of a part of g's text, without positions.
func unplaced(g *Graph, part func(*Graph, *printer)) []string {
	p := &printer{unplaced: true}
	part(g, p)
	return slices.Collect(strings.Lines(p.b.String()))
}

func lineOf(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// headOf is what a line is about: its kind and ID.
func headOf(line string) string {
	line = strings.TrimSpace(line)
	switch {
	case line == "":
		return "nothing"
	case line[0] == '}':
		return "the end of a block"
	}
	kind, rest, _ := strings.Cut(line, " ")
	if id, err := strconv.QuotedPrefix(rest); err == nil {
		return kind + " " + id
	}
	id, _, _ := strings.Cut(rest, " ")
	return kind + " " + id
}
