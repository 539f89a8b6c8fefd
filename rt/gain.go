package rt

// What each decision gains, measured: now and then a run of the sample goes without one of them, and
// is held against another that chance lets have it. A decision that keeps costing what the plan is to make small is switched off.

import (
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/plan"
)

const (
	// gainSample is how many runs with a decision, and as many without it, are compared at a time.
	gainSample = 100

	// gainEvery is the time from one look at the gains to the next.
	gainEvery = time.Minute

	// maxLosses is how many times in a row a decision may turn out to cost time.
	maxLosses = 2

	// maxMeasured bounds the decisions of a flow that are measured: each is one more plan of it.
	maxMeasured = 32

	// fillsPerLeaving bounds how often a decision is left out that saves calls, by how often they are made
	// with it: calls become a tenth more at most.
	fillsPerLeaving = 10
)

// A Gain is how runs of a flow fared with a decision and without it, at the same time.
type Gain struct{ With, Without *Fared }

// A Gathering is how far the next comparison of runs with a decision and without it has come.
type Gathering struct{ With, Without, Of int64 } // runs; it is made when there are Of of both

// A gain is what is known of one decision in force.
type gain struct {
	flow     graph.FlowName
	decision plan.Decision
	without  *graph.Graph

	counts [2]count     // of runs with it, and without it
	left   atomic.Int64 // times that it was left out

	before [2]Sample // what was compared already
	losses int       // in a row
	last   *Gain     // of the last comparison
}

// gainsOf returns what is to be measured of a plan: its decisions, as far as the flow is legal without each.
func (d *draft) gainsOf() (map[graph.FlowName][]*gain, error) {
	all := map[graph.FlowName][]*gain{}
	for name, kept := range d.kept {
		source, err := engine.GraphOf(name)
		if err != nil {
			return nil, err
		}
		for i, k := range kept {
			if !k.InForce() || len(all[name]) >= maxMeasured {
				continue
			}
			g := withOwn(source, slices.Delete(slices.Clone(kept), i, i+1))
			if check.Check(source, g, check.Program{Sole: sole.all()}, check.DefaultRules()).OK() {
				all[name] = append(all[name], &gain{flow: name, decision: k, without: g})
			}
		}
	}
	return all, nil
}

// measure has some runs of own, the plan in force of a flow, go without one decision each.
func (p *process) measure(e *engine.Engine, fl *engine.Registered, own *engine.Plan) error {
	gains := p.gains[fl.Of]
	if len(gains) == 0 {
		return nil
	}
	with, err := p.planned.compileFlow(e, fl, false)
	if err != nil {
		return err
	}
	var (
		arms []*engine.Plan // of each decision with it, without it
		made []func() int64 // by each decision that saves calls; nil of others
	)
	for _, g := range gains {
		made = append(made, nil)
		switch v := g.decision.Verb; v {
		case plan.Store, plan.Coalesce:
			made[len(made)-1] = fromNow(e.Made(fl.Name, v.String(), g.decision.Items[0].String()))
		case plan.Answer:
			made[len(made)-1] = fromNow(e.Made(fl.Name, v.String(), ""))
		}
		others := maps.Clone(p.planned)
		others[fl.Of] = g.without
		without, err := others.compileFlow(e, fl, false)
		if err != nil {
			return err
		}
		arms = append(arms, with, without)
	}
	own.Sample(&engine.Arms{
		Sampled: true,
		Draw: func(random uint64) int {
			i := int(random>>8) % (4 * len(gains)) // half of the sample is looked at for other reasons
			if i >= len(arms) || !gains[i/2].mayLeave(made[i/2]) {
				return engine.NoArm
			}
			if i%2 == 1 {
				gains[i/2].left.Add(1)
			}
			return i
		},
		Done: func(o engine.Outcome) { gains[o.Arm/2].counts[o.Arm%2].done(o) },
	}, arms)
	return nil
}

// fromNow counts what made counts, without what it has counted already.
func fromNow(made func() int64) func() int64 {
	before := made()
	return func() int64 { return made() - before }
}

// mayLeave reports whether the decision may be left out: of one that saves calls, only so often as it
// lets them be made.
func (g *gain) mayLeave(made func() int64) bool {
	return made == nil || (g.left.Load()+1)*fillsPerLeaving <= made()
}

// weigh compares what was measured since the last time, and switches off what keeps costing time.
func (p *process) weigh() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.measures {
		return
	}
	engine.Current().World().After(gainEvery, p.weigh)
	if p.trial != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(p.gains)) {
		for _, g := range p.gains[name] {
			why := g.compare(p.file.Goal())
			switch {
			case why == "":
			case g.decision.Mark == plan.Pin:
				g.losses = 0
				slog.Warn("fluxo: a decision that the plan pins costs time", slog.String("decision", string(g.decision.ID(name))), slog.String("why", why))
			default:
				p.switchOff(g, why)
				return // what is left is measured anew
			}
		}
	}
}

// gathering says how far the next comparison has come.
func (g *gain) gathering() *Gathering {
	return &Gathering{g.counts[0].requests.Load() - g.before[0].Requests, g.counts[1].requests.Load() - g.before[1].Requests, gainSample}
}

// compare looks at the runs since the last time, if there are enough, and says why the decision should go: what the plan is to
// make small is larger with it.
func (g *gain) compare(goal plan.Measure) (why string) {
	with, without := g.counts[0].sample(), g.counts[1].sample()
	new, newOut := with.since(g.before[0]), without.since(g.before[1])
	if min(new.Requests, newOut.Requests) < gainSample {
		return ""
	}
	g.before, g.last = [2]Sample{with, without}, &Gain{new.fared(), newOut.fared()}
	if why = worse(goal, newOut, new, 1); why == "" {
		g.losses = 0
		return ""
	}
	if g.losses++; g.losses < maxLosses {
		return ""
	}
	return "of runs with it and without, " + why
}

// switchOff takes a decision out of the plan in force.
func (p *process) switchOff(g *gain, why string) {
	id := g.decision.ID(g.flow)
	if _, err := p.turn(id, plan.Off, Event{What: "switched off: " + string(id), Why: why, Tried: g.last.With, Others: g.last.Without}); err != nil {
		slog.Error("fluxo: a decision that costs time cannot be switched off", slog.String("decision", string(id)), slog.Any("error", err))
		return
	}
	slog.Warn("fluxo: a decision costs time and is switched off", slog.String("decision", string(id)), slog.String("why", why))
}
