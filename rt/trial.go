package rt

// Trials: a plan is put in place for a share of the requests, the guard compares them with
// the others, and it is then the plan of all, or gone.

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
)

// Bounds of a trial.
const (
	MinTrial = 100 * time.Millisecond
	MaxTrial = 24 * time.Hour

	looks = 20        // of the guard, in equal distances
	warm  = looks / 4 // of them, while stores are being filled: those of the plan tried begin empty
)

// A Trial says how a plan is tried.
type Trial struct {
	Share float64       // of the requests that run under it, between 0 and 1
	For   time.Duration // after which it counts for all, unless the guard takes it back
}

// A trial is one under way.
type trial struct {
	Trial
	file     *plan.File
	draft    *draft
	applied  Applied
	began    time.Time
	affected map[graph.FlowName]bool // flows that differ, and those that call them
	graphs   [2]planned              // of both arms, in which the affected ones are walked in any case
	arms     *engine.Arms
	counts   [2]count  // under the plan before, under the one tried
	cold     [2]Sample // what was counted until stores were filled
	looked   int
	stop     func() // of the guard's timer
}

// A count is what is counted of one arm.
type count struct {
	requests, failed atomic.Int64
	took             profile.LiveSketch
}

func (c *count) sample() Sample { return Sample{c.requests.Load(), c.failed.Load(), c.took.Sketch()} }

// Try makes the plan in text that of a share of the requests for a while, and then of all, if these fare no worse than
// the others. It returns at once. version is that of State, which the caller has seen; 0 for any.
func Try(name string, text []byte, mode Mode, version uint64, how Trial) (Applied, error) {
	switch {
	case !(how.Share > 0 && how.Share < 1):
		return Applied{}, fmt.Errorf("the share of requests that try a plan lies between 0 and 100%%, not at %v%%", how.Share*100)
	case how.For < MinTrial || how.For > MaxTrial:
		return Applied{}, fmt.Errorf("a plan is tried for %v to %v, not %v", MinTrial, MaxTrial, how.For)
	}
	f, err := plan.Parse(name, text)
	if err != nil {
		return Applied{}, err
	}
	present.mu.Lock()
	defer present.mu.Unlock()
	if err := present.isFree(version); err != nil {
		return Applied{}, err
	}
	if present.verifying != nil {
		return Applied{}, errors.New("requests are being verified, which makes them slow: nothing can be told of a plan that is tried meanwhile")
	}
	if present.recorders > 0 {
		return Applied{}, errors.New("the service is being recorded, and would not be any more: try a plan when that is over")
	}
	return present.try(f, mode, how)
}

// try begins a trial of f.
func (p *process) try(f *plan.File, mode Mode, how Trial) (Applied, error) {
	d, err := prepare(f, mode)
	if err != nil {
		return Applied{}, err
	}
	e := engine.Current()
	t := &trial{Trial: how, file: f, draft: d, applied: d.applied(), began: clock.Now()}
	if err := t.reach(p.planned); err != nil {
		return Applied{}, err
	}
	if len(t.affected) == 0 {
		return t.applied, p.install(f, d, Event{What: "applied"}) // nothing differs, so that nothing can be compared
	}
	t.arms = &engine.Arms{Draw: t.draw, Done: func(o engine.Outcome) { t.counts[o.Arm].done(o) }}
	p.trial = t
	if err := p.fill(e); err != nil {
		p.trial = nil
		return Applied{}, err
	}
	p.changed(Event{What: "tried", Why: fmt.Sprintf("by %.3g%% of the requests, for %v", how.Share*100, how.For)})
	t.stop = e.World().After(how.For/looks, func() { p.look(t) })
	return t.applied, nil
}

// draw returns the arm of a request.
func (t *trial) draw(random uint64) int {
	if float64(random) < t.Share*math.MaxUint64 {
		return 1
	}
	return 0
}

// done counts a request.
func (c *count) done(o engine.Outcome) {
	kind := fluxo.KindOf(o.Err)
	if kind == fluxo.Canceled {
		return // its caller went away: it might have taken any time
	}
	c.requests.Add(1)
	c.took.Add(o.Took, 1)
	if o.Raised || slices.Contains(failures, kind) {
		c.failed.Add(1)
	}
}

// failures are the kinds of error that say that the service does not work. The others are answers.
var failures = []fluxo.Kind{fluxo.Internal, fluxo.Unavailable, fluxo.Timeout}

// reach finds the flows that a trial touches: those whose graphs differ from the ones before, and those
// that call them, so that one request is of one arm in all that it calls.
func (t *trial) reach(before planned) error {
	t.affected, t.graphs = map[graph.FlowName]bool{}, [2]planned{maps.Clone(before), maps.Clone(t.draft.planned)}
	sources := map[graph.FlowName]*graph.Graph{}
	for _, name := range engine.PlanNames() {
		g, err := engine.GraphOf(name)
		if err != nil {
			return err
		}
		sources[name] = g
		if !isSame(before[name], t.draft.planned[name]) {
			t.affected[name] = true
		}
	}
	for n := -1; n != len(t.affected); {
		n = len(t.affected)
		for name, g := range sources {
			if slices.ContainsFunc(calls(g.Body.Nodes), func(callee graph.FlowName) bool { return t.affected[callee] }) {
				t.affected[name] = true
			}
		}
	}
	for name := range t.affected {
		for _, arm := range t.graphs {
			if arm[name] == nil {
				arm[name] = withOwn(sources[name], nil)
			}
		}
	}
	return nil
}

func isSame(a, b *graph.Graph) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.String() == b.String()
}

// compileFlow makes an affected flow ready to run under either arm.
func (t *trial) compileFlow(e *engine.Engine, fl *engine.Registered) (*engine.Plan, error) {
	var arms []*engine.Plan
	for _, graphs := range t.graphs {
		p, err := graphs.compileFlow(e, fl, false)
		if err != nil {
			return nil, err
		}
		arms = append(arms, p)
	}
	return e.Between(t.arms, arms), nil
}

// samples returns how the requests fared of which both arms had filled their stores, or all of them until then.
func (t *trial) samples() (before, tried Sample) {
	return t.counts[0].sample().since(t.cold[0]), t.counts[1].sample().since(t.cold[1])
}

// look compares the arms, and ends the trial if there is reason to.
func (p *process) look(t *trial) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.trial != t {
		return
	}
	t.looked++
	before, tried := t.samples()
	times := 1.0
	if t.looked <= warm {
		times = farWorse
	}
	why := failsMore(t.counts[0].sample(), t.counts[1].sample())
	untold := nothingTold(before, tried)
	if why == "" && untold == "" {
		why = worse(t.file.Goal(), before, tried, times)
	}
	switch {
	case why != "":
		p.takeBack(why)
	case t.looked < looks:
		if t.looked == warm {
			t.cold = [2]Sample{t.counts[0].sample(), t.counts[1].sample()}
		}
		t.stop = engine.Current().World().After(t.For/looks, func() { p.look(t) })
	case untold != "":
		p.takeBack(untold)
	default:
		p.adopt()
	}
}

// takeBack ends the trial and leaves the plan before it to all.
func (p *process) takeBack(why string) {
	t := p.trial
	p.end()
	if err := p.fill(engine.Current()); err != nil {
		panic(fmt.Sprintf("bug: the plan before a trial cannot be compiled again: %v", err))
	}
	event := t.event("taken back", why)
	p.changed(event)
	slog.Warn("fluxo: a plan that was tried is taken back", slog.String("why", why), slog.String("tried", event.Tried.String()), slog.String("others", event.Others.String()))
}

// adopt ends the trial and makes its plan that of all.
func (p *process) adopt() {
	t := p.trial
	p.end()
	event := t.event("adopted", "")
	if err := p.install(t.file, t.draft, event); err != nil { // it was compiled before
		panic(fmt.Sprintf("bug: the plan of a trial cannot be compiled again: %v", err))
	}
	slog.Info("fluxo: a plan that was tried is that of all requests", slog.String("tried", event.Tried.String()), slog.String("others", event.Others.String()))
}

// end ends the trial, whose arms stay in the slots until they are filled again.
func (p *process) end() {
	p.trial.stop()
	p.trial = nil
}
