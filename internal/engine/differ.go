package engine

// Differences: whether a run under a plan and one as written ended alike, and what is counted of them.

import (
	"fmt"
	"reflect"

	"fluxo.dev/fluxo/graph"
)

// compare runs the flow as written until it answers as it did under the plan, or no way to do so is left.
func (v *pair) compare(q *ran) {
	q.exam = q.exam.asWritten()
	x, f, planned := q.exam, q.frame, q.raised
	var first *Frame
	var ended *raised
	var how, why string
	asked := 0
	searched := false
	for try := 0; ; try++ {
		g := v.given(q)
		r := v.again(q, g)
		asked += x.asked
		why = x.wrong
		if why == "" && x.acted < len(x.acts) {
			why = "under the plan it did more than as written"
		}
		if why == "" && v.same(f, planned, g, r) {
			v.journal.count(func(r *Verified) { r.Alike++; r.Asked += asked })
			return
		}
		if try == 0 {
			first, ended, how = g, r, x.how()
		}
		x.ways.branch()
		searched = x.ways.through()
		if try+1 == maxTries || !x.ways.next() {
			break
		}
	}
	x.ways = ways{}
	second := v.given(q)
	again := v.again(q, second)
	switch {
	case !v.same(first, ended, second, again):
		v.journal.count(func(r *Verified) { r.Noisy++; r.Asked += asked })
	case len(x.doubts) > 0 || !searched:
		v.journal.count(func(r *Verified) { r.Undecided++; r.Asked += asked })
	default:
		d := Difference{
			Flow: string(v.own.flow), Arguments: show(v.shown(), v.given(q)), Planned: answerOf(v.results, f, planned),
			Written: answerOf(v.results, first, ended), Steps: how, Why: why,
		}
		v.journal.count(func(r *Verified) {
			r.Asked += asked
			if r.Different++; len(r.Differences) < maxDiffering {
				r.Differences = append(r.Differences, d)
			}
		})
	}
}

// same reports whether two runs ended alike.
func (v *pair) same(f *Frame, r *raised, g *Frame, s *raised) bool {
	if r != nil || s != nil {
		return r != nil && s != nil && r.exit == s.exit && fmt.Sprint(r.value) == fmt.Sprint(s.value)
	}
	for i := range v.results {
		if !alike(&v.results[i], f, g) {
			return false
		}
	}
	return true
}

// shown returns what people are told of a request: contexts have nothing to say.
func (v *pair) shown() (refs []ref) {
	for _, r := range v.params {
		if r.src.Kind == graph.Data {
			refs = append(refs, r)
		}
	}
	return refs
}

// alike reports whether a variable has the same content in two frames.
func alike(r *ref, f, g *Frame) bool {
	if r.code.Key != nil {
		a, okA := r.code.Key(nil, f.Vars)
		b, okB := r.code.Key(nil, g.Vars)
		if okA && okB {
			return string(a) == string(b)
		}
	}
	a, _, _ := r.code.Save(f.Vars)
	b, _, _ := r.code.Save(g.Vars)
	return reflect.DeepEqual(a, b)
}

// answerOf is how a run ended, for people.
func answerOf(results []ref, f *Frame, r *raised) string {
	switch {
	case r == nil:
		return show(results, f)
	case r.exit:
		return "left by Goexit"
	}
	return fmt.Sprintf("panic: %v", r.value)
}

// count counts a request.
func (j *Journal) count(f func(*Verified)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.report.Requests++
	f(&j.report)
}

// reach counts a run of a flow under its plan.
func (j *Journal) reach(flow graph.FlowName) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.report.Reached == nil {
		j.report.Reached = map[string]int{}
	}
	j.report.Reached[string(flow)]++
}
