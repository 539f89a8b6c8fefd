package engine

// Ways to answer a run as written: for each call of a step, one of the noted calls that may answer it.
//
// Tried first is what the run under the plan was made of itself, then ways that differ from that once, then twice and
// so on. Where something it was made of may not be used, no choice is better than another, and all of that step count as
// likely; the other steps still had what they had. What is likely is looked through before anything else.

import (
	"fmt"
	"slices"
)

// maxTries bounds the runs as written of one request.
const maxTries = 256

// answers are the calls that may answer a step with some arguments.
type answers struct {
	calls  []*call // no two with the same results; the likely ones first
	likely int
	taken  []int  // by the run under the plan, in its order, as indexes of calls
	other  string // for people: that it took another one
}

// answersTo returns the calls that may answer n in runs as written of x.
func (x *exam) answersTo(n *recalled, key string) *answers {
	if a := x.answers[key]; a != nil {
		return a
	}
	took := x.took[key]
	all, sure := x.journal.admissible(key, n, x.began, took)
	if !sure {
		x.doubts = append(x.doubts, string(n.node.id)+" may have had a result that was forgotten")
	}
	a := &answers{}
	known := len(took) > 0
	for _, c := range took {
		i := slices.IndexFunc(all, c.equal)
		if slices.Contains(all, c) {
			i = slices.Index(all, c)
		}
		if i < 0 {
			known, a.other = false, fmt.Sprintf(" (under the plan one of %s)", x.age(c))
			continue
		}
		a.taken = append(a.taken, a.add(all[i]))
	}
	a.likely = len(a.calls)
	for _, c := range all {
		a.add(c)
	}
	if !known {
		a.likely = len(a.calls)
	}
	x.answers[key] = a
	return a
}

// add adds a call, if there is none with the same results, and returns where that is.
func (a *answers) add(c *call) int {
	for i, d := range a.calls {
		if c == d || c.equal(d) {
			return i
		}
	}
	a.calls = append(a.calls, c)
	return len(a.calls) - 1
}

// index returns which call is meant by a choice when the step is called for the n-th time, from 0: choice 0 is what it
// had then under the plan.
func (a *answers) index(n, choice int) int {
	first := 0
	if len(a.taken) > 0 {
		first = a.taken[min(n, len(a.taken)-1)]
	}
	switch {
	case choice == 0:
		return first
	case choice <= first:
		return choice - 1
	}
	return choice
}

// ways are those through which a search goes. A way is the choices of the first steps that are called; the later ones
// have choice 0.
type ways struct {
	now    []int
	met    []met   // of the run that is under way
	likely [][]int // to be tried
	others [][]int // after those
	cut    bool    // likely ones were left out
}

// met is a choice that a run came to.
type met struct{ options, likely int }

// choose returns which of n calls, of which some are likely, answers the next step.
func (w *ways) choose(n, likely int) int {
	i := len(w.met)
	w.met = append(w.met, met{n, likely})
	if i < len(w.now) {
		return min(w.now[i], n-1)
	}
	return 0
}

// branch adds the ways that differ from the one that was gone last in one more choice.
func (w *ways) branch() {
	for i := len(w.now); i < len(w.met); i++ {
		for choice := 1; choice < w.met[i].options; choice++ {
			way := append(slices.Clone(w.now), make([]int, i-len(w.now)+1)...)
			way[i] = choice
			if choice < w.met[i].likely && w.isLikely() {
				w.cut = w.cut || !bounded(&w.likely, way)
			} else {
				bounded(&w.others, way)
			}
		}
	}
}

// next goes on to the next way; false if there is none.
func (w *ways) next() bool {
	for _, from := range []*[][]int{&w.likely, &w.others} {
		if len(*from) > 0 {
			w.now, *from = (*from)[0], (*from)[1:]
			return true
		}
	}
	return false
}

// bounded adds a way to some that are to be tried, if they are not too many.
func bounded(to *[][]int, way []int) bool {
	if len(*to) >= maxTries {
		return false
	}
	*to = append(*to, way)
	return true
}

// isLikely reports whether the way that was gone last is likely.
func (w *ways) isLikely() bool {
	for i, choice := range w.now {
		if i < len(w.met) && choice > 0 && choice >= w.met[i].likely {
			return false
		}
	}
	return true
}

// through reports whether no likely way is left.
func (w *ways) through() bool { return len(w.likely) == 0 && !w.cut }
