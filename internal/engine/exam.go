package engine

// Exams: one request, run under its plan and then as written, with what the journal has.

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// An exam is one request that is verified.
type exam struct {
	journal *Journal
	began   time.Time
	at      time.Duration // likewise, as runs are noted
	written bool          // this run is one as written

	mu     sync.Mutex
	own    map[string][]*call // made for this request alone, by step and arguments, in their order
	acts   []string           // of those, keys of what did something, in its order
	size   int
	took   map[string][]*call // what else the run under the plan was made of, likewise, whoever made it
	doubts []string           // why a difference may be none

	// Of the run as written that is under way, which is one goroutine's.
	ways    ways
	answers map[string]*answers // that may be given, by step and arguments: the same to all runs as written
	given   map[string]int
	acted   int
	called  map[string]*call // what runs as written called themselves, for those after it
	asked   int              // steps called because nothing could answer
	used    []string         // for people
	wrong   string           // it did something else than the run under the plan
}

// note notes a call that only this request may have.
func (x *exam) note(n *recalled, key string, c *call) {
	if x == nil { // on a flight, whose callers have no such call in common
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.own == nil {
		x.own = map[string][]*call{}
	}
	if x.size >= maxVisits {
		x.doubts = append(x.doubts, "it does too much")
		return
	}
	x.own[key] = append(x.own[key], c)
	x.size++
	if n.acts {
		x.acts = append(x.acts, key)
	}
}

// made notes the calls that a run under the plan was made of.
func (x *exam) made(calls []*call) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(calls) >= maxStamps {
		x.doubts = append(x.doubts, "it does too much")
	}
	if x.took == nil {
		x.took = map[string][]*call{}
	}
	for _, c := range calls {
		x.took[c.key] = append(x.took[c.key], c)
	}
}

func (x *exam) doubt(why string) {
	if x == nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.doubts = append(x.doubts, why)
}

// asWritten returns the exam of the runs as written that follow the one under the plan.
func (x *exam) asWritten() *exam {
	x.mu.Lock()
	defer x.mu.Unlock()
	return &exam{
		journal: x.journal, began: x.began, at: x.at, written: true,
		own: maps.Clone(x.own), acts: slices.Clone(x.acts), took: maps.Clone(x.took), doubts: slices.Clone(x.doubts),
		called: map[string]*call{}, answers: map[string]*answers{},
	}
}

// begin makes x ready for another run as written.
func (x *exam) begin() {
	x.ways.met, x.given, x.acted, x.asked, x.used, x.wrong = x.ways.met[:0], map[string]int{}, 0, 0, nil, ""
}

// answering returns code that takes the results of a step from what was noted.
func (j *Journal) answering(n *recalled, run func(*Thread, *Frame) Exit) func(*Thread, *Frame) Exit {
	return func(t *Thread, f *Frame) Exit {
		x := t.exam
		key, ok := t.keyOf(n, f)
		switch {
		case x == nil:
			return run(t, f)
		case n.own:
			return n.give(x.again(n, key, ok), f)
		case !ok:
			return run(t, f)
		}
		a := x.answersTo(n, key)
		if len(a.calls) == 0 {
			x.asked++
			x.used = append(x.used, fmt.Sprintf("%s (%v) called now%s", n.node.id, n.node.src.Pos, a.other))
			return x.once(n, key, t, f, run)
		}
		c := a.calls[a.index(x.given[key], x.ways.choose(len(a.calls), a.likely))]
		x.given[key]++
		x.used = append(x.used, fmt.Sprintf("%s (%v) %s%s", n.node.id, n.node.src.Pos, x.age(c), a.other))
		return n.give(c, f)
	}
}

// age says when a call began.
func (x *exam) age(c *call) string {
	if by := x.began.Sub(c.began); by > 0 {
		return fmt.Sprintf("%v before the request", by)
	}
	return fmt.Sprintf("%v after the request came", c.began.Sub(x.began))
}

// again returns what answers a step that does something, or makes new values: what this request did, which is never done twice.
func (x *exam) again(n *recalled, key string, keyed bool) *call {
	i := x.given[key]
	x.given[key]++
	if !keyed || i >= len(x.own[key]) {
		x.wrong = fmt.Sprintf("%s (%v) is called as written, with these arguments, and was not under the plan", n.node.id, n.node.src.Pos)
		panic(stopped{})
	}
	if n.acts {
		if x.acted < len(x.acts) && x.acts[x.acted] != key {
			x.wrong = fmt.Sprintf("%s (%v) comes in another order as written", n.node.id, n.node.src.Pos)
		}
		x.acted++
	}
	return x.own[key][i]
}

// A stopped ends a run as written that has nothing to go on with.
type stopped struct{}

// steady returns code that takes results of a pure step from the first run as written, in those after it: what
// is not pure then differs from the run under the plan, and not from itself.
func (j *Journal) steady(n *recalled, run func(*Thread, *Frame) Exit) func(*Thread, *Frame) Exit {
	return func(t *Thread, f *Frame) Exit {
		x := t.exam
		key, ok := t.keyOf(n, f)
		if !ok || x == nil {
			return run(t, f)
		}
		return x.once(n, key, t, f, run)
	}
}

// once calls a step in the first run as written that comes to it with these arguments, and has its results later.
func (x *exam) once(n *recalled, key string, t *Thread, f *Frame, run func(*Thread, *Frame) Exit) Exit {
	if c := x.called[key]; c != nil {
		return n.give(c, f)
	}
	c := &call{exit: run(t, f)}
	for i := range n.out {
		saved, _, saves := n.out[i].code.Save(n.out[i].vars(f))
		if !saves {
			return c.exit
		}
		c.values = append(c.values, saved)
	}
	if len(x.called) < maxVisits {
		x.called[key] = c
	}
	return c.exit
}

// how says what a run as written was made of.
func (x *exam) how() string { return strings.Join(x.used, ", ") }
