package engine

// What is counted all the time: how runs and decisions fare. A run that takes less than some microseconds
// would notice the two looks at the clock: of those some are timed, and stand for the others of their thread.

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/memo"
	"fluxo.dev/fluxo/internal/profile"
)

const (
	timedAlways = 8 * time.Microsecond // runs from this time on are all timed; the shorter they are, the fewer
	maxUntimed  = 64                   // runs of a thread that one may stand for
)

// A tally counts runs.
type tally struct {
	count, failed atomic.Int64
	took          profile.LiveSketch
}

func (c *tally) add(took time.Duration, failed bool, weight int64) {
	c.count.Add(weight)
	if failed {
		c.failed.Add(weight)
	}
	c.took.Add(took, weight)
}

func (c *tally) statistics() profile.RunStatistics {
	return profile.RunStatistics{Count: c.count.Load(), Failed: c.failed.Load(), Took: c.took.Sketch()}
}

// tallies has what an engine counts, so that it outlives a change of plan. There are never more than flows, and
// places in them that plans named.
type tallies struct {
	mu        sync.Mutex
	flows     map[graph.FlowName]*flowTally
	decisions map[decisionKey]*decisionTally
	queues    map[*Acts]*queueTally
}

func (a *tallies) init() {
	a.flows, a.decisions, a.queues = map[graph.FlowName]*flowTally{}, map[decisionKey]*decisionTally{}, map[*Acts]*queueTally{}
}

// A flowTally counts all runs of a flow: under plans, and those as written that are noted.
type flowTally struct{ planned, written tally }

func (a *tallies) flow(name graph.FlowName) *flowTally {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.flows[name]
	if c == nil {
		c = &flowTally{}
		a.flows[name] = c
	}
	return c
}

// A decisionKey names what a decision does at one place.
type decisionKey struct {
	flow         graph.FlowName
	verb, region string // as a plan writes them
}

// A decisionTally counts how one fares. See profile.DecisionStatistics.
type decisionTally struct {
	fills, kept, refreshes, stale atomic.Int64 // stale: hits whose named data was written since
	flights, joined               atomic.Int64
	started, taken, refused       atomic.Int64
}

// decision returns the tally of a decision about nodes of the flow that is compiled.
func (c *compiler) decision(verb string, nodes []*graph.Node) *decisionTally {
	return c.tallyOf(verb, regionName(nodes))
}

// regionName names nodes as a plan does.
func regionName(nodes []*graph.Node) string {
	first, last, _ := strings.Cut(spanName(nodes), "..")
	if last != first {
		first += ".." + last
	}
	return first
}

// lineOf returns the line of a plan, without numbers, that a block is for.
func lineOf(verb string, n *graph.Node) string { return verb + " " + regionName(n.Blocks[0].Nodes) }

// tallyOf returns the tally of a decision about a region; "" for the whole flow.
func (c *compiler) tallyOf(verb, region string) *decisionTally {
	a, key := &c.engine.tallies, decisionKey{c.plan.flow, verb, region}
	a.mu.Lock()
	defer a.mu.Unlock()
	d := a.decisions[key]
	if d == nil {
		d = &decisionTally{}
		a.decisions[key] = d
	}
	if verb == storeVerb || verb == shareVerb || verb == answerVerb {
		c.plan.saving = append(c.plan.saving, d)
	}
	return d
}

// timed begins a run that is timed, and stands for those of its thread before it that are not.
func (t *Thread) timed(f *Frame) { t.clocked, t.began = f, t.plan.engine.world.Elapsed() }

// count ends it.
func (t *Thread) count() {
	p := t.plan
	took := p.engine.world.Elapsed() - t.began
	failed := !t.returned || slices.ContainsFunc(p.errors, func(r ref) bool { return failed(r.code, r.vars(t.clocked)) != 0 })
	weight := int64(t.pending)
	p.tally.add(took, failed, weight)
	p.total.add(took, failed, weight)
	t.clocked, t.pending = nil, 0
	t.every = min(t.every+1, uint32(min(max(timedAlways/max(took, 1), 1), maxUntimed))) // slowly, since the next may be a long one
	if p.probe {
		t.every = 1
	}
}

// Statistics returns what was counted of the runs under this plan alone.
func (p *Plan) Statistics() profile.RunStatistics { return p.tally.statistics() }

// Statistics returns what was counted of all flows, and of every decision that was compiled so far, without the
// lines of plans.
func (e *Engine) Statistics() []profile.FlowStatistics {
	a := &e.tallies
	a.mu.Lock()
	defer a.mu.Unlock()
	by := map[graph.FlowName]*profile.FlowStatistics{}
	var all []*profile.FlowStatistics
	for name, c := range a.flows {
		by[name] = &profile.FlowStatistics{Flow: name, Runs: c.planned.statistics(), Written: c.written.statistics()}
		all = append(all, by[name])
	}
	for key, d := range a.decisions {
		by[key.flow].Decisions = append(by[key.flow].Decisions, d.statistics(key, e.memoStats(key)))
	}
	slices.SortFunc(all, func(x, y *profile.FlowStatistics) int { return strings.Compare(string(x.Flow), string(y.Flow)) })
	out := make([]profile.FlowStatistics, len(all))
	for i, f := range all {
		slices.SortFunc(f.Decisions, func(x, y profile.DecisionStatistics) int {
			return cmp.Or(strings.Compare(x.Verb, y.Verb), strings.Compare(x.Region, y.Region))
		})
		out[i] = *f
	}
	return out
}

// memoStats returns what the store counted of a decision's results.
func (e *Engine) memoStats(key decisionKey) memo.Stats {
	name := key.region
	switch {
	case key.verb == answerVerb:
		name = answerVerb
	case key.verb != storeVerb:
		return memo.Stats{}
	case !strings.Contains(name, ".."):
		name += ".." + name
	}
	name = string(key.flow) + " " + name
	e.regionMu.Lock()
	regions := []*memo.Region{e.regions[name], e.regions[name+resultsOf]} // the latter of an answer only
	e.regionMu.Unlock()
	var sum memo.Stats
	for _, r := range regions {
		if r != nil {
			sum.Add(r.Stats())
		}
	}
	return sum
}

func (d *decisionTally) statistics(key decisionKey, s memo.Stats) profile.DecisionStatistics {
	stale := d.stale.Load()
	return profile.DecisionStatistics{
		Verb: key.verb, Region: key.region,
		Hits: s.Hits - stale, Misses: s.Misses + stale, Entries: s.Entries, Bytes: s.Bytes, Evicted: s.Evicted, Expired: s.Expired,
		Fills: d.fills.Load(), Kept: d.kept.Load(), Refreshes: d.refreshes.Load(),
		Flights: d.flights.Load(), Joined: d.joined.Load(),
		Started: d.started.Load(), Taken: d.taken.Load(), Refused: d.refused.Load(),
	}
}

// Verbs, as a plan writes them.
const (
	storeVerb    = "store"
	answerVerb   = "answer"
	shareVerb    = "coalesce"
	parallelVerb = "parallel"
	hedgeVerb    = "hedge"
)
