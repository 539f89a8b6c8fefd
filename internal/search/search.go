package search

// A search from its beginning to its end.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/sim"
)

// Plans are compared on a sample of so many visits to nodes, in requests of which there are at least and at most so many.
const (
	enoughVisits = 25_000
	fewest       = 1000
	enough       = 4000
)

// A search is one under way.
type search struct {
	Problem
	ctx    context.Context
	until  time.Time
	part   *profile.Part // what plans are compared on
	small  *sim.Trace
	parts  []*part
	whole  *sim.Trace
	graphs map[graph.FlowName]*graph.Graph
	names  []graph.FlowName
	fixed  map[graph.FlowName][]plan.Decision // by the author
	curves map[sim.Region]*sim.Curve
	judge  judge
	all    []*Candidate // that are legal, the most promising first
	result *Result

	written score // without any plan
	awaited int   // requests of the sample that count in its times
	plain   map[graph.FlowName]*graph.Graph
	before  chan error // says when all requests were replayed so

	mu      sync.Mutex
	planned map[string]*flowPlan
	seen    map[string]score
	tallies map[partKey]*tally
}

// Find looks for a plan.
func Find(ctx context.Context, p Problem) (*Result, error) {
	s, err := begin(ctx, p)
	if err != nil {
		return nil, err
	}
	s.result.Sampled = s.sampled()
	s.beginWhole()
	s.all = s.promising(s.all)
	chosen, err := s.choose()
	if err := errors.Join(s.await(), err); err != nil {
		return nil, err
	}
	if chosen, err = s.confirm(chosen); err != nil {
		return nil, err
	}
	if err := s.explain(chosen); err != nil {
		return nil, err
	}
	if err := s.cold(chosen); err != nil {
		return nil, err
	}
	if s.result.Plan, err = s.file(chosen); err != nil {
		return nil, err
	}
	return s.result, ctx.Err()
}

// begin reads a sample of the trace, asks the patterns, and ranks what is legal.
func begin(ctx context.Context, p Problem) (*search, error) {
	p.Exhaustive, p.Time = cmp.Or(p.Exhaustive, defaultExhaustive), cmp.Or(p.Time, defaultTime)
	p.Patience = cmp.Or(p.Patience, defaultPatience)
	s := &search{
		Problem: p, ctx: ctx, graphs: map[graph.FlowName]*graph.Graph{}, fixed: map[graph.FlowName][]plan.Decision{},
		curves: map[sim.Region]*sim.Curve{}, planned: map[string]*flowPlan{}, seen: map[string]score{}, tallies: map[partKey]*tally{},
		judge: judge{goal: p.Base.Goal(), limits: p.Base.Limits()}, result: &Result{Goal: p.Base.Goal()},
	}
	for _, f := range p.Trace.Head().Flows {
		g, err := graph.Parse(f.Graph)
		if err != nil {
			return nil, fmt.Errorf("graph in the trace: %w", err)
		}
		s.graphs[f.Name] = g
		s.fixed[f.Name] = p.Base.Decisions(f.Name)
	}
	s.names = sortedNames(s.graphs)
	if err := s.read(); err != nil {
		return nil, err
	}
	if err := s.asWritten(); err != nil {
		return nil, err
	}
	stats, err := s.part.Summarize()
	if err != nil {
		return nil, err
	}
	if s.all, err = s.rank(s.legal(s.propose(stats)), stats); err != nil {
		return nil, err
	}
	if s.Replays == 0 {
		s.Replays = min((replaysAtLeast+replaysForEach*min(s.families(), maxReplayed))*enoughVisits/s.visits(), maxReplays)
	}
	s.until = time.Now().Add(s.Time)
	return s, nil
}

// families is how many candidates there are, those that differ in numbers counted once.
func (s *search) families() (n int) {
	for _, c := range s.all {
		if c.head {
			n++
		}
	}
	return n
}

// visits is how many the sample has, at most what a full one has.
func (s *search) visits() (n int) {
	for _, r := range s.part.Runs {
		n += r.Size()
	}
	return min(n, enoughVisits)
}

// read takes a sample of the trace apart.
func (s *search) read() (err error) {
	visits, n := 0, 0
	for run, err := range s.Trace.Each() { // those at the beginning tell how long they are
		if err != nil {
			return err
		}
		if visits, n = visits+run.Size(), n+1; n == fewest/10 {
			break
		}
	}
	most := max(fewest, min(enough, enoughVisits*n/max(visits, 1)))
	if s.part, err = profile.SampleOf(s.Trace, most); err != nil {
		return err
	}
	if len(s.part.Runs) == 0 {
		return errors.New("the trace has no request in it: record while the service is used")
	}
	if s.small, err = sim.Read(s.part.Trace); err != nil {
		return err
	}
	s.whole, s.result.Sample = s.small, s.part.Of
	if len(s.part.Runs) < s.part.Whole {
		s.whole = s.small.From(s.Trace)
		if !s.part.Cut {
			var left int
			if s.small, left, err = s.small.Beside(s.Trace, s.part.Has); err != nil {
				return err
			}
			if left > 0 {
				s.warn("so much is written that the sample, on which plans were compared, is without %d writes: stores may hit less often than is said there; the prediction has them all", left)
			}
		}
		s.tell("%d requests; plans are compared on %d of them", s.part.Whole, len(s.part.Runs))
	}
	if s.part.Cut {
		s.warn("most requests are for a few contents, so that no part of them stands for all: plans were compared on the first %d of them", len(s.part.Runs))
	}
	s.parts = parts(s.graphs, s.small)
	return nil
}

// asWritten replays the sample without any plan, with the author's own concurrency.
func (s *search) asWritten() error {
	s.plain = map[graph.FlowName]*graph.Graph{}
	for name, g := range s.graphs {
		s.plain[name] = g
		if hasForks(g) {
			s.plain[name], _ = plan.WithOwn(g, nil, func(planned *graph.Graph) map[graph.NodeID]string { return s.check(g, planned).Reasons() })
		}
	}
	o, err := sim.Run(s.small, sim.Options{Plans: s.plain, Memory: s.memory() / int64(s.part.Of), Scheduled: s.Scheduled})
	if err != nil {
		return fmt.Errorf("as written: %w", err)
	}
	s.judge.calls = Value(plan.Calls, o)
	s.written, s.awaited = s.judge.score([]tally{tallyOf(o)}), len(o.Awaited())
	s.result.Written, s.result.Before = s.written.goal, o
	return nil
}

// beginWhole begins to replay all requests without any plan, while plans are compared on the sample.
func (s *search) beginWhole() {
	s.before = make(chan error, 1)
	if s.whole == s.small {
		s.before <- nil
		return
	}
	go func() {
		o, err := sim.Run(s.whole, sim.Options{Plans: s.plain, Memory: s.memory(), Expected: s.part.Whole, Scheduled: s.Scheduled})
		if err != nil {
			err = fmt.Errorf("as written: %w", err)
		} else {
			s.result.Before = o
		}
		s.before <- err
	}()
}

// await returns when that is done.
func (s *search) await() error {
	if err := <-s.before; err != nil {
		return err
	}
	s.judge.calls = Value(plan.Calls, s.result.Before)
	for _, l := range s.judge.broken(s.result.Before) {
		s.warn("without a plan the limit does not hold: %s", l)
	}
	return nil
}

// choose looks for the best set on the sample. It returns the best ones, the best first.
func (s *search) choose() ([]*Candidate, error) {
	set, reached, err := s.climb(nil)
	if err != nil || len(s.all) == 0 {
		return set, err
	}
	if len(s.all) <= s.Exhaustive {
		set, reached, s.result.Optimal, err = s.exhaust(set, reached)
	}
	if err == nil && !s.result.Optimal {
		if set, reached, err = s.rebuild(set, reached); err != nil {
			return nil, err
		}
		before := reached
		if set, reached, err = s.anneal(set, reached); err == nil && reached != before {
			set, reached, err = s.climb(set)
		}
	}
	if err != nil {
		return nil, err
	}
	s.result.Best = reached.goal
	if set, reached, err = s.prune(set, reached); err != nil {
		return nil, err
	}
	if set, err = s.spare(set, reached); err != nil {
		return nil, err
	}
	if s.ctx.Err() == nil && time.Now().After(s.until) {
		s.warn("the search ran out of time after %v and %d replays: on a machine that is less busy it may find another plan", s.Time, s.result.Tried)
	}
	return set, s.ctx.Err()
}

// confirm replays all requests under a set, and leaves out the decision that matters least as long as a limit does not
// hold, or nothing is gained.
func (s *search) confirm(set []*Candidate) ([]*Candidate, error) {
	before := s.judge.score([]tally{tallyOf(s.result.Before)})
	for {
		o, err := s.replay(s.whole, set, sim.Options{Memory: s.memory(), Expected: s.part.Whole})
		if err != nil && !errors.Is(err, sim.ErrOverload) {
			return nil, err
		}
		sc := never
		if err == nil {
			sc = s.judge.score([]tally{tallyOf(o)})
		}
		if sc.over == 0 && sc.number() <= before.number() || len(set) == 0 {
			s.result.After = o
			if err == nil && sc.over > 0 {
				s.warn("no plan was found that keeps the limit %s: none is proposed", strings.Join(s.judge.broken(o), " and the limit "))
			}
			return set, err
		}
		if s.ctx.Err() != nil {
			return nil, s.ctx.Err()
		}
		if set, err = s.lighter(set); err != nil {
			return nil, err
		}
	}
}

// lighter is a set without the decision that matters least for the goal.
func (s *search) lighter(set []*Candidate) ([]*Candidate, error) {
	sets := make([][]*Candidate, len(set))
	for i, c := range set {
		sets[i] = without(set, c)
	}
	scores, err := s.scores(sets)
	if err != nil {
		return nil, err
	}
	best := 0
	for i := range scores {
		if scores[i].number() < scores[best].number() {
			best = i
		}
	}
	s.tell("with all requests a limit does not hold: without %s", set[best])
	return sets[best], nil
}

func (s *search) tell(format string, args ...any) {
	if s.Progress != nil {
		s.Progress(fmt.Sprintf(format, args...))
	}
}

func (s *search) warn(format string, args ...any) {
	w := fmt.Sprintf(format, args...)
	if !slices.Contains(s.result.Warnings, w) {
		s.result.Warnings = append(s.result.Warnings, w)
	}
}
