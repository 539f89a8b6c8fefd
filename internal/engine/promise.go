package engine

// Promises held to, on a sample of runs: a step that changes its arguments, one
// that keeps or changes a result it gave away, a pure one with two answers for one
// argument, data that changes though nobody writes it.

import (
	"fmt"
	"hash/maphash"
	"log/slog"
	"reflect"
	"slices"
	"sync"

	"fluxo.dev/fluxo/graph"
)

const (
	sampleEvery = 128     // runs of one frame, and hits, of which one is looked at
	maxAnswers  = 1 << 10 // answers of pure steps remembered
	maxShown    = 200     // bytes of a value in a report
)

// promises remembers answers of pure steps, for all flows of the engine.
type promises struct {
	seed    maphash.Seed
	mu      sync.Mutex
	answers map[uint64]answer // by step and arguments
}

func (p *promises) init() { p.seed, p.answers = maphash.MakeSeed(), map[uint64]answer{} }

type answer struct {
	key  uint64
	text string
}

// A vow is what can be looked at where a step is called.
type vow struct {
	pure   bool
	in     []ref // data that the step may not change
	out    []ref // data that it returns
	steady []ref // of those, what nothing in the flow changes afterwards
}

// vow returns what the step at i of a place promises; nil for nothing.
func (c *compiler) vow(at place, i int) *vow {
	n := at.block.Nodes[i]
	v := &vow{pure: true}
	if n.Kind != graph.Step {
		return nil
	}
	for _, e := range n.Effects {
		if !graph.Table().May[e.Class].Keep || e.Class == graph.Observes {
			return nil
		}
		v.pure = v.pure && e.Class == graph.Pure
	}
	keyed := func(r ref) bool { return r.src.Kind == graph.Data && r.code.Key != nil }
	for _, r := range c.refs(n.In, at) {
		if keyed(r) && !slices.Contains(n.Out, r.src.ID) && !slices.Contains(n.Edit, r.src.ID) {
			v.in = append(v.in, r)
		}
	}
	for _, r := range c.refs(graph.Wholes(c.plan.graph, n.Out), at) {
		if !keyed(r) {
			continue
		}
		v.out = append(v.out, r)
		if !r.code.Flat && len(at.scopes) == 1 && c.setBy(r.src.ID) == 1 {
			v.steady = append(v.steady, r)
		}
	}
	shared := slices.ContainsFunc(v.in, func(r ref) bool { return !r.code.Flat })
	if !v.pure && !shared && len(v.steady) == 0 {
		return nil // it gets and gives copies: there is nothing it could break
	}
	return v
}

// setBy counts the nodes of the flow that set or may edit a variable.
func (c *compiler) setBy(id graph.VarID) (times int) {
	for n := range graph.Within(c.plan.graph.Body.Nodes...) {
		if slices.Contains(n.Out, id) || slices.Contains(graph.Alike(c.plan.graph, n.Edit), id) {
			times++
		}
	}
	return times
}

// A gift is a step's result that nobody changes until the flow ends.
type gift struct {
	node *node
	ref  ref
	key  uint64
	text string
}

// sum returns a hash of the content of refs; false if that has no key.
func (t *Thread) sum(refs []ref, f *Frame) (uint64, bool) {
	from, ok := t.push(refs, f)
	h := maphash.Bytes(t.plan.engine.promises.seed, t.keys[from:])
	t.pop(from)
	return h, ok
}

// show is the content of refs for people.
func show(refs []ref, f *Frame) string {
	var values []any
	for i := range refs {
		if r := &refs[i]; r.code.Save != nil {
			saved, _, _ := r.code.Save(r.vars(f))
			if p := reflect.ValueOf(saved); p.Kind() == reflect.Pointer && !p.IsNil() {
				saved = p.Elem().Interface() // fmt prints what a pointer leads to only at the top
			}
			values = append(values, saved)
		}
	}
	s := fmt.Sprintf("%+v", values)
	if len(s) > maxShown {
		s = s[:maxShown] + "…"
	}
	return s
}

// observed runs a step and looks at whether it keeps its word.
func (t *Thread) observed(n *node, f *Frame) Exit {
	before, ok := t.sum(n.vow.in, f)
	var was string
	if ok {
		was = show(n.vow.in, f)
	}
	x := t.call(n, f)
	if !ok {
		return x
	}
	e := t.plan.engine
	if after, _ := t.sum(n.vow.in, f); after != before {
		e.reports.promise(e, t.plan.flow, n.src, "a step changes its arguments",
			"copy what the step changes, or call it //fluxo:opaque",
			slog.String("before", was), slog.String("after", show(n.vow.in, f)))
		return x
	}
	if t.err == nil && n.vow.pure {
		t.remember(n, f, before, was)
	}
	for _, r := range n.vow.steady {
		refs := []ref{r}
		if key, ok := t.sum(refs, f); ok && t.fork == nil {
			t.gifts = append(t.gifts, gift{n, r, key, show(refs, f)})
		}
	}
	return x
}

// remember holds a pure step's answer against the one it gave before for the
// same arguments.
func (t *Thread) remember(n *node, f *Frame, in uint64, args string) {
	out, ok := t.sum(n.vow.out, f)
	if !ok || len(n.vow.out) == 0 {
		return
	}
	e := t.plan.engine
	p := &e.promises
	id := in ^ maphash.String(p.seed, string(t.plan.flow)+" "+string(n.id))
	now := answer{out, show(n.vow.out, f)}
	p.mu.Lock()
	first, known := p.answers[id]
	if !known && len(p.answers) < maxAnswers {
		p.answers[id] = now
	}
	p.mu.Unlock()
	if known && first.key != out {
		e.reports.promise(e, t.plan.flow, n.src, "a pure step gives two answers for the same arguments",
			"write //fluxo:volatile, or make what it depends on an argument",
			slog.String("arguments", args), slog.String("first", first.text), slog.String("then", now.text))
	}
}

// returnGifts looks at whether results are what they were when steps returned them,
// at the end of a run.
func (t *Thread) returnGifts(f *Frame) {
	t.lookAtGifts(f)
	clear(t.gifts)
	t.gifts = t.gifts[:0]
}

// adopt makes t, the caller's own thread, answer for what a flight's steps gave away,
// as far as it leaves the flight.
func (t *Thread) adopt(fl *flight) {
	if t.fork != nil || t.origin != nil || fl.thread.stop != nil {
		return
	}
	for _, g := range fl.thread.gifts {
		if slices.ContainsFunc(fl.common.out, func(r ref) bool { return r.index == g.ref.index }) {
			t.gifts = append(t.gifts, g)
		}
	}
}

// lookAtGifts reports those that are no longer what they were.
func (t *Thread) lookAtGifts(f *Frame) {
	e := t.plan.engine
	for _, g := range t.gifts {
		refs := []ref{g.ref}
		if key, ok := t.sum(refs, f); ok && key != g.key {
			e.reports.promise(e, t.plan.flow, g.node.src, "a result changed after its step had returned it",
				"let the step return a copy of what it keeps",
				slog.String("returned", g.text), slog.String("now", show(refs, f)))
		}
	}
}
