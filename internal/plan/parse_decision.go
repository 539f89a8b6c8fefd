package plan

// The parser of one decision.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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
		return p.number(&d.Refresh, w, "%", 99, "likelihood", "refresh=80%")
	case "after":
		return p.after(d, w)
	case "budget":
		return p.number(&d.Budget, w, "%", 100, "share of calls", "budget=5%")
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

// after reads when a second try begins.
func (p *parser) after(d *Decision, w word) bool {
	value := strings.TrimPrefix(w.text, "after=")
	t, err := time.ParseDuration(value)
	if err != nil || t < MinAfter || t > MaxAfter {
		p.fail(p.at(w.col), fmt.Sprintf("%q is no time from %s to %s", shorten(value), durationText(MinAfter), durationText(MaxAfter)), "write it as in after=120ms")
		return false
	}
	if d.After > 0 {
		p.fail(p.at(w.col), "after is written twice", "keep one of the two")
		return false
	}
	d.After = t
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
	case d.Verb == Answer && n > 0:
		return "answer names no region", "write answer alone: it is about the whole flow; or store " + d.Items[0].String()
	case d.Verb != Parallel && d.Verb != Answer && n != 1:
		return fmt.Sprintf("%s needs one region", d.Verb), fmt.Sprintf("write it as in %s NODE or %s FIRST..LAST, a line for each region", d.Verb, d.Verb)
	case d.Verb == Hedge && d.After == 0 && d.Mark != Never:
		return "hedge needs a time", "say after which time a second try begins, as in hedge NODE after=120ms"
	}
	for _, o := range []struct {
		name string
		set  bool
		of   Verb
	}{{"ahead", d.Ahead > 0, Parallel}, {"refresh", d.Refresh > 0, Store}, {"after", d.After > 0, Hedge}, {"budget", d.Budget > 0, Hedge}} {
		if o.set && d.Verb != o.of {
			return fmt.Sprintf("%s knows no %s", d.Verb, o.name), fmt.Sprintf("remove it, or write %s", o.of)
		}
	}
	return "", ""
}

// suggestWord says which word was meant.
func (p *parser) suggestWord(s string) string {
	known := slices.Concat(verbs[:], marks[1:])
	if near, ok := nearest(s, known); ok {
		return "write " + near
	}
	return "write parallel, store, coalesce, hedge or answer, before it pin, never or off"
}
