package plan

// What a plan is for: the one measure to make small, and those that must stay within bounds.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Measure is what a plan is judged by.
type Measure string

// The measures, of one request. Mean and quantiles are of the time until it is answered.
const (
	Mean   Measure = "mean"
	P50    Measure = "p50"
	P95    Measure = "p95"
	P99    Measure = "p99"
	CPU    Measure = "cpu"    // time of processors
	Memory Measure = "memory" // bytes of all stored results together, at most
	Calls  Measure = "calls"  // calls of steps that wait
)

var measures = []Measure{Mean, P50, P95, P99, CPU, Memory, Calls}

// A Limit is what a plan must not exceed.
type Limit struct {
	Measure Measure
	Time    time.Duration // of mean, quantiles and cpu
	Ratio   float64       // of calls: to those of the flows as written
	Pos     Pos
}

func (l Limit) String() string {
	if l.Measure == Calls {
		text := strconv.FormatFloat(l.Ratio, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return "limit calls " + text
	}
	return fmt.Sprintf("limit %s %s", l.Measure, shortTime(l.Time))
}

// shortTime prints a time without units of which there is none: 2m, not 2m0s.
func shortTime(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Goal returns what the plan is to make small; Mean if it does not say.
func (f *File) Goal() Measure {
	for _, l := range f.lines {
		if l.kind == goalLine {
			return l.goal
		}
	}
	return Mean
}

// Limits returns what the plan must not exceed, in the order of the file. The bound of
// all stored results together is not among them: see Memory.
func (f *File) Limits() (limits []Limit) {
	for _, l := range f.lines {
		if l.kind == limitLine {
			limits = append(limits, l.limit)
		}
	}
	return limits
}

const goalFix = "write it as in goal p99, with one of mean, p50, p95, p99, cpu, memory, calls"

func (p *parser) goalLine(words []word, comment string) {
	pos := p.at(words[0].col)
	switch {
	case p.goal.Line > 0:
		p.fail(pos, fmt.Sprintf("goal is written twice, first in line %d", p.goal.Line), "remove one of the two lines: there is one goal, and for others limits")
		return
	case !p.early(words[0]):
		return
	}
	p.goal = pos
	if len(words) != 2 {
		p.fail(pos, "goal needs one measure", goalFix)
		return
	}
	m := Measure(words[1].text)
	if !slices.Contains(measures, m) {
		p.fail(p.at(words[1].col), fmt.Sprintf("%q is no measure", shorten(words[1].text)), goalFix)
		return
	}
	p.add(line{kind: goalLine, goal: m, pos: pos}, comment)
}

// early reports whether no flow stands before a line that is about all flows.
func (p *parser) early(first word) bool {
	if len(p.flows) == 0 {
		return true
	}
	p.fail(p.at(first.col), fmt.Sprintf("%s stands behind a flow, and is about all of them", first.text), "move the line in front of the first flow")
	return false
}

const limitFix = "write it as in limit p99 400ms, limit cpu 1ms or limit calls 1.0"

func (p *parser) limitLine(words []word, comment string) {
	pos := p.at(words[0].col)
	if !p.early(words[0]) {
		return
	}
	if len(words) != 3 {
		p.fail(pos, "limit needs a measure and how large it may be", limitFix)
		return
	}
	l := Limit{Measure: Measure(words[1].text), Pos: pos}
	at, text := p.at(words[2].col), words[2].text
	switch {
	case l.Measure == Memory:
		p.fail(p.at(words[1].col), "memory has a line of its own", "write it as in memory 64MiB")
		return
	case !slices.Contains(measures, l.Measure):
		p.fail(p.at(words[1].col), fmt.Sprintf("%q is no measure", shorten(words[1].text)), limitFix)
		return
	case l.Measure == Calls:
		r, err := strconv.ParseFloat(text, 64)
		if err != nil || !(r > 0 && r <= maxRatio) || strings.Trim(text, "0123456789.") != "" {
			p.fail(at, fmt.Sprintf("%q is no ratio from above 0 to %d", shorten(text), maxRatio), "write how many times as many calls as without a plan there may be, as in limit calls 1.0")
			return
		}
		l.Ratio = r
	default:
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			p.fail(at, fmt.Sprintf("%q is no time", shorten(text)), "write it with a unit, as in 400ms or 1.5s")
			return
		}
		l.Time = d
	}
	for _, have := range p.file.Limits() {
		if have.Measure == l.Measure {
			p.fail(pos, fmt.Sprintf("%s is limited twice, first in line %d", l.Measure, have.Pos.Line), "remove one of the two lines")
			return
		}
	}
	p.add(line{kind: limitLine, limit: l, pos: pos}, comment)
}

// maxRatio bounds what a limit of calls can say.
const maxRatio = 1000
