package world

// The judge: is there a reference run that answers as the live run did?

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"fluxo.dev/fluxo/internal/request"
)

// widening is what the directives of the generated steps allow: how old a
// result may be, and how old one that stands in for a failed call.
var widening = map[string]struct{ age, standIn, notFound time.Duration }{
	"V10":      {age: 10 * time.Second},
	"VE":       {age: 5 * time.Second, standIn: 30 * time.Second},
	"VN":       {age: 10 * time.Second, notFound: 10 * time.Second},
	"VB":       {age: 10 * time.Second},
	"VD":       {age: 10 * time.Second},
	"Hidden/0": {age: 10 * time.Second},
	"Hidden/1": {age: 10 * time.Second},
	"feed":     {age: 5 * time.Second},
}

// maxPaths bounds the reference runs tried for one request.
const maxPaths = 20000

// Verdict is the judge's word on one request.
type Verdict struct {
	Paths     int    // reference runs tried
	Undecided bool   // maxPaths were not enough
	Wrong     string // why no reference run explains the answer; "" if one does
}

// Judge looks for a reference run of request i of h that explains its answer,
// its acts and its observations.
func Judge(h *History, i int, flow Flow) Verdict {
	r := h.Requests[i]
	if r.Trace != "" {
		return Verdict{Wrong: r.Trace}
	}
	p := &path{h: h, r: r, answers: map[question][]outcome{}}
	var nearest string
	for n := 1; n <= maxPaths; n++ {
		why := p.run(flow)
		if why == "" {
			return Verdict{Paths: n}
		}
		if nearest == "" || strings.HasPrefix(why, "answer") {
			nearest = why
		}
		if !p.next() {
			return Verdict{Paths: n, Wrong: nearest}
		}
	}
	return Verdict{Paths: maxPaths, Undecided: true}
}

// A path is one way through the choices of a replay.
type path struct {
	h *History
	r *Request

	choices []choice // made so far, in order
	at      int      // the next one in this run
	acts    int      // acts matched
	ids     int      // made
	seen    []string // observations
	dead    string   // why this run cannot be the one

	answers map[question][]outcome // of all runs: what may be answered
}

// A question is all that an answer depends on: what is asked, and after how
// many acts.
type question struct {
	src  Source
	acts int
}

type choice struct{ taken, of int }

// choose takes one of n ways.
func (p *path) choose(n int) int {
	if p.at == len(p.choices) {
		p.choices = append(p.choices, choice{0, n})
	}
	c := p.choices[p.at]
	p.at++
	return c.taken
}

// next moves on to the next combination; false if there is none.
func (p *path) next() bool {
	p.choices = p.choices[:p.at]
	for len(p.choices) > 0 {
		last := &p.choices[len(p.choices)-1]
		if last.taken++; last.taken < last.of {
			return true
		}
		p.choices = p.choices[:len(p.choices)-1]
	}
	return false
}

// deadEnd ends a run that cannot explain the history.
type deadEnd struct{}

func (p *path) kill(why string) {
	p.dead = why
	panic(deadEnd{})
}

// run runs the flow as written along the path; "" if it explains the history.
func (p *path) run(flow Flow) string {
	p.at, p.acts, p.ids, p.seen, p.dead = 0, 0, 0, nil, ""
	present = p
	ctx := context.WithValue(context.Background(), UserKey{}, p.r.User)
	got := Run(ctx, flow, p.r)
	present = nil
	switch {
	case p.dead != "":
		return p.dead
	case p.acts != len(p.r.Acts):
		return fmt.Sprintf("acts: %v was done, the reference does not do it", p.r.Acts[p.acts])
	case !reflect.DeepEqual(got.ranked(), p.r.Answer.ranked()):
		return fmt.Sprintf("answer: %+v, the reference says %+v", p.r.Answer, got)
	}
	// Of who leaves a shared run there may be lines of the run that he began and lines of his
	// own, for one line of the reference. To tell them apart every line would have to
	// say which flight it was written in, which nothing outside the engine knows; so for
	// those requests alone a line too many is let pass.
	for _, o := range p.r.Observed {
		i := slices.Index(p.seen, o)
		if i < 0 && p.gone() && p.h.Shared {
			continue // a shared run whose last caller left it says that it was cancelled
		}
		if i < 0 {
			return fmt.Sprintf("observation %q, which the reference does not make", o)
		}
		if !p.gone() { // who leaves a shared run goes on alone, and says again what was said
			p.seen = slices.Delete(p.seen, i, i+1)
		}
	}
	return ""
}

// Run calls a flow on a goroutine of its own and catches whatever it does.
func Run(ctx context.Context, flow Flow, r *Request) Answer {
	done := make(chan Answer)
	go func() { Call(ctx, flow, r, func(a Answer) { done <- a }) }()
	return <-done
}

// Call calls a flow, and then end with all that its caller sees.
func Call(ctx context.Context, flow Flow, r *Request, end func(Answer)) {
	var a Answer
	w, ks := &Writer{}, slices.Clone(r.Ks)
	ctx = request.With(ctx, &request.Request{NewID: present.id})
	returned := false
	defer func() {
		v := recover()
		a.Lines, a.Ks = w.Lines, ks
		if v != nil {
			a.Panic, a.Abort = fmt.Sprint(v), v == any(ErrAbort)
		} else if !returned {
			a.Goexit = true
		}
		end(a)
	}()
	rec, err := flow(ctx, w, r.K, r.S, ks)
	returned = true
	a.Rec = rec
	if err != nil {
		a.Err, a.NotFound = err.Error(), errors.Is(err, ErrNotFound)
	}
}

func (p *path) ask(ctx context.Context, src Source) outcome {
	q := question{src, p.acts}
	all, ok := p.answers[q]
	if !ok {
		all = p.possible(src)
		p.answers[q] = all
	}
	if len(all) == 0 {
		p.kill(fmt.Sprintf("order: %s(%d) cannot have been asked after %d acts", src.Name, src.K, p.acts))
	}
	switch err := ctx.Err(); {
	case p.gone():
	case err != nil: // the flow ended a context of its own
		all = append(all[:len(all):len(all)], outcome{err: err})
	case ctx.Value("errgroup") != nil: // a function behind this one may have ended it
		all = append(all[:len(all):len(all)], outcome{err: context.Canceled})
	}
	return all[p.choose(len(all))]
}

// possible lists what src may answer here.
func (p *path) possible(src Source) []outcome {
	from, to := p.r.Arrive, p.r.End
	for i, a := range p.r.Acts {
		if !a.orders(src) {
			continue
		}
		if i < p.acts {
			from = max(from, a.End)
		} else {
			to = min(to, a.Start)
			break
		}
	}
	all := p.allowed(src, from, to)
	if p.gone() {
		all = append(all, outcome{err: context.Canceled})
		if p.r.Deadline >= 0 {
			all = append(all, outcome{err: context.DeadlineExceeded})
		}
	}
	return all
}

func (p *path) askInTime(ctx context.Context, src Source) outcome {
	if p.r.Deadline >= 0 && p.choose(2) == 1 {
		return outcome{err: context.DeadlineExceeded}
	}
	return p.ask(ctx, src)
}

// allowed lists what src may answer to a call between from and to.
func (p *path) allowed(src Source, from, to time.Duration) []outcome {
	all := p.h.outcomesIn(src, from, to)
	w := widening[src.Name]
	older := func(age time.Duration, keep func(outcome) bool) {
		for _, o := range p.h.outcomesIn(src, p.r.Arrive-age-time.Microsecond, p.r.End) {
			if keep(o) && !slices.ContainsFunc(all, func(b outcome) bool { return reflect.DeepEqual(o, b) }) {
				all = append(all, o)
			}
		}
	}
	isValue := func(o outcome) bool { return o.err == nil && o.panics == "" && !o.goexit }
	if w.age > 0 {
		older(w.age, isValue)
	}
	if src.Data && w.age == 0 && src.Name != hints { // kept while it is exact, though the source may be down
		for _, o := range p.h.keptIn(src, from, to) {
			if !slices.ContainsFunc(all, func(b outcome) bool { return reflect.DeepEqual(o, b) }) {
				all = append(all, o)
			}
		}
	}
	if p.h.Shared { // a failure is shared with whoever joined before it was over
		older(p.r.Arrive-p.h.overlapping(p.r), func(o outcome) bool { return !isValue(o) })
	}
	if w.notFound > 0 {
		older(w.notFound, func(o outcome) bool { return o.err == ErrNotFound })
	}
	if w.standIn > 0 && slices.ContainsFunc(p.h.outcomesIn(src, p.r.Arrive-w.age-longestCall, p.r.End), func(o outcome) bool { return !isValue(o) }) {
		older(w.standIn, isValue)
	}
	return all
}

// gone reports whether a step may have noticed that the caller went away.
func (p *path) gone() bool { return p.r.Cancel >= 0 && p.r.Cancel <= p.r.End }

func (p *path) act(_ context.Context, a Act) outcome {
	if p.acts == len(p.r.Acts) {
		p.kill(fmt.Sprintf("acts: the reference does %v, which was not done", a))
	}
	did := p.r.Acts[p.acts]
	if !did.sameCall(a) {
		p.kill(fmt.Sprintf("acts: the reference does %v where %v was done", a, did))
	}
	p.acts++
	return outcome{val: did.Result, err: parseErr(did.Err), panics: did.Panic}
}

func parseErr(s string) error {
	switch s {
	case "":
		return nil
	case context.Canceled.Error():
		return context.Canceled
	case context.DeadlineExceeded.Error():
		return context.DeadlineExceeded
	}
	return ErrDown
}

func (p *path) observe(text string) { p.seen = append(p.seen, text) }
func (p *path) slow()               {}
func (p *path) failed()             {}
func (p *path) odd(key string) int  { return p.h.Script.odd(key) }
func (p *path) id() [16]byte        { p.ids++; return idNumber(p.ids) }
