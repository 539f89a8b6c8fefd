package plan

// The parser of one decision.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// decision reads the words of one line of a flow.
func (p *parser) decision(words []word) (Decision, bool) {
	d := Decision{Pos: p.at(words[0].col)}
	if m := slices.Index(marks[:], words[0].text); m > 0 {
		d.Mark = Mark(m)
		words = words[1:]
		if len(words) == 0 {
			p.fail(d.Pos, fmt.Sprintf("%q without a decision", d.Mark), fmt.Sprintf("write what it is about, as in %s store NODE", d.Mark))
			return d, false
		}
		if slices.Index(marks[:], words[0].text) > 0 {
			p.fail(p.at(words[0].col), fmt.Sprintf("%q after %q: a decision has one mark", words[0].text, d.Mark), "keep one of the two words")
			return d, false
		}
	}
	v := slices.Index(verbs[:], words[0].text)
	if v < 0 {
		p.fail(p.at(words[0].col), fmt.Sprintf("unknown word %q", shorten(words[0].text)), p.suggestWord(words[0].text))
		return d, false
	}
	d.Verb = Verb(v)
	for _, w := range words[1:] {
		if !p.operand(&d, w) {
			return d, false
		}
	}
	if what, fix := d.malformed(); what != "" {
		p.fail(p.at(words[0].col), what, fix)
		return d, false
	}
	return d, true
}

// operand reads one region or one option into d.
func (p *parser) operand(d *Decision, w word) bool {
	pos := p.at(w.col)
	switch name, _, _ := strings.Cut(w.text, "="); name {
	case "ahead":
		return p.number(&d.Ahead, w, "", MaxAhead, "number of iterations", "ahead=8")
	case "refresh":
		return p.number(&d.Refresh, w, "%", 99, "share of a life", "refresh=80%")
	}
	first, last, isRange := strings.Cut(w.text, "..")
	if !isRange {
		last = first
	}
	r := Region{graph.NodeID(first), graph.NodeID(last)}
	if !isNodeID(first) || !isNodeID(last) || isRange && first == last {
		p.fail(pos, fmt.Sprintf("%q is no region", shorten(w.text)), noRegionFix)
		return false
	}
	d.Items = append(d.Items, r)
	return true
}

// number reads the value of an option.
func (p *parser) number(to *int, w word, unit string, most int, what, example string) bool {
	pos := p.at(w.col)
	name, value, _ := strings.Cut(w.text, "=")
	digits, ok := strings.CutSuffix(value, unit)
	n, err := strconv.ParseUint(digits, 10, 31)
	if !ok || err != nil || n == 0 || n > uint64(most) || digits[0] == '+' {
		p.fail(pos, fmt.Sprintf("%q is no %s from 1%s to %d%s", shorten(value), what, unit, most, unit), "write it as in "+example)
		return false
	}
	if *to > 0 {
		p.fail(pos, name+" is written twice", "keep one of the two")
		return false
	}
	*to = int(n)
	return true
}

const noRegionFix = "name one node, or First..Last; fluxo graph lists the nodes of a flow"

// isNodeID reports whether s can be a node's name.
func isNodeID(s string) bool {
	return s != "" && !strings.ContainsAny(s, " \t\r\n()=,:;{}`\"@") && !strings.Contains(s, "//") && !strings.Contains(s, "..") &&
		!strings.HasPrefix(s, ".") && !strings.HasSuffix(s, ".")
}

// malformed says what is wrong with d as a whole; "" if nothing is.
func (d Decision) malformed() (what, fix string) {
	n := len(d.Items)
	for i, r := range d.Items {
		if !isNodeID(string(r.First)) || !isNodeID(string(r.Last)) {
			return fmt.Sprintf("%q is no region", shorten(r.String())), noRegionFix
		}
		if slices.Contains(d.Items[:i], r) {
			return fmt.Sprintf("%q names %s twice", d.Verb, shorten(r.String())), "name it once"
		}
	}
	switch {
	case d.Verb == Parallel && n > MaxItems:
		return fmt.Sprintf("parallel names %d regions, more than %d", n, MaxItems), "name fewer"
	case d.Verb == Parallel && n == 0,
		d.Verb == Parallel && n == 1 && d.Ahead == 0 && d.Mark != Never:
		return "parallel needs two regions", "name those that run together, or one in a loop and ahead=N"
	case d.Verb != Parallel && n != 1:
		return fmt.Sprintf("%s needs one region", d.Verb), fmt.Sprintf("write it as in %s NODE or %s FIRST..LAST, a line for each region", d.Verb, d.Verb)
	case d.Verb != Parallel && d.Ahead > 0:
		return fmt.Sprintf("%s knows no ahead", d.Verb), "remove it, or write parallel"
	case d.Verb != Store && d.Refresh > 0:
		return fmt.Sprintf("%s knows no refresh", d.Verb), "remove it, or write store"
	}
	return "", ""
}

// suggestWord says which word was meant.
func (p *parser) suggestWord(s string) string {
	known := slices.Concat(verbs[:], marks[1:])
	if near, ok := nearest(s, known); ok {
		return "write " + near
	}
	return "write parallel, store or coalesce, before it pin, never or off"
}
