package weather

// What the simulator says of the slices, held against what was measured.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/sim"
)

// Predictions hold the simulator against what was measured.
var Predictions = figure.Figure{
	Name: "predict",
	About: "what the simulator says of the slices that the planned weather service lived through, with times recorded of the first half of the day, against what " +
		"was measured: .hit, .mean, .p50, .p99 by day; .tau, .pairs: order of plans drawn by seed; .regret: the chosen plan over the best one of them",
	Run: func(r *figure.Report) error {
		x, err := theExperiment(r)
		if err != nil {
			return err
		}
		if err := x.foresee(); err != nil {
			return err
		}
		for _, s := range x.studies {
			if s.predicted != nil {
				x.errors(r, s)
			}
		}
		x.order(r)
		return nil
	},
}

// learnt is how many requests of a day tell what nodes usually do.
const learnt = 5000

// replays are how often a day is replayed for a prediction, with other times each time.
const replays = 3

// predict replays the day under a plan and returns the requests of the slices, as their clients would
// have seen them: those of every replay, one after the other.
func (s *study) predict(traces []*sim.Trace, text string) (*result, error) {
	plans, memory, err := s.planned(text)
	if err != nil {
		return nil, err
	}
	out := &result{}
	for i, t := range traces {
		var at []time.Duration // of calls
		o, err := sim.Run(t, sim.Options{Plans: plans, Memory: memory, Seed: uint64(i),
			Called: func(_ string, now time.Duration) { at = append(at, now) }})
		if err != nil {
			return nil, err
		}
		rng := rand.New(rand.NewPCG(uint64(i), 6))
		for lane, all := range s.lanes {
			for _, in := range all {
				answers := make([]answer, in.to-in.from)
				for i, r := range o.Requests[in.from:in.to] {
					answers[i] = answer{s.forClient(r.Took, rng), r.Failed}
				}
				from, _ := slices.BinarySearch(at, in.begin)
				to, _ := slices.BinarySearch(at, in.begin+sliceTime)
				out.add(lane, answers, to-from)
			}
		}
	}
	return out, nil
}

// quick is what no provider answers in: a flow that took less found all it needed.
const quick = time.Millisecond

// forClient draws how long a client waits for what takes so long in the flow.
func (s *study) forClient(took time.Duration, rng *rand.Rand) time.Duration {
	around := s.waited
	if took < quick {
		around = s.kept
	}
	return took + around[rng.IntN(len(around))]
}

// planned returns the planned graphs of a plan, and its memory.
func (s *study) planned(text string) (map[graph.FlowName]*graph.Graph, int64, error) {
	f, err := plan.Parse("fluxo.plan", []byte(text))
	if err != nil {
		return nil, 0, err
	}
	plans := map[graph.FlowName]*graph.Graph{}
	for _, fl := range s.costs.Flows {
		g, err := graph.Parse(fl.Graph)
		if err != nil {
			return nil, 0, err
		}
		planned, problems := plan.Apply(g, f.Decisions(fl.Name))
		if len(problems) > 0 {
			return nil, 0, fmt.Errorf("%s: %s", fl.Name, problems[0])
		}
		plans[fl.Name] = planned
	}
	memory, _ := f.Memory()
	return plans, int64(memory), nil
}

// foresee predicts the slices under the plan, and under the others where there are any.
func (s *study) foresee(source func(to int, seed uint64) *recorded) error {
	if len(s.kept) == 0 || len(s.waited) == 0 {
		return fmt.Errorf("%s: nobody measured how long clients wait", s.name)
	}
	end := 0
	for _, lane := range s.lanes {
		end = max(end, lane[len(lane)-1].to)
	}
	var traces []*sim.Trace
	for i := range uint64(replays) {
		src := source(end, i)
		sample, err := profile.SampleOf(src, learnt) // at its pace: second tries take as long as others of its requests
		if err != nil {
			return err
		}
		t, err := sim.Read(sample.Trace)
		if err != nil {
			return err
		}
		traces = append(traces, t.From(src.catchingUp(s.lanes)))
	}
	plans := map[string]string{"naive": asWritten, "planned": s.plan}
	for i, p := range s.drawn {
		plans[fmt.Sprintf("drawn %d", i)] = p
	}
	s.predicted = map[string]*result{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	var first error
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for name, text := range plans {
		room <- struct{}{}
		wg.Go(func() {
			r, err := s.predict(traces, text)
			mu.Lock()
			defer mu.Unlock()
			if s.predicted[name] = r; err != nil {
				first = fmt.Errorf("%s/%s: %w", s.name, name, err)
			}
			<-room
		})
	}
	wg.Wait()
	return first
}

// errors prints how far predictions of a day's planned service are off.
func (x *experiment) errors(r *figure.Report, s *study) {
	measured, again, predicted := x.arm(s.name+"/planned"), x.arm(s.name+"/planned again"), s.predicted["planned"].pooled()
	naive, planned, other := x.results[s.name+"/naive"], x.results[s.name+"/planned"], x.results[s.name+"/planned again"]
	foreseen, hit := saved(s.predicted["planned"].calls, s.predicted["naive"].calls), saved(planned.calls, naive.calls)
	r.Line("predict.hit."+s.name, 100*math.Abs(foreseen-hit), "points")
	r.Line("predict.hit."+s.name+".noise", 100*savedApart(planned.calls, other.calls, naive.calls, r.Seed), "points")
	r.Note("%s under its plan: %.2f %% of calls saved predicted, %.2f %% measured, %.2f %% again; in the slices %v calls as written, %v planned, %v again", s.name,
		100*foreseen, 100*hit, 100*saved(other.calls, naive.calls), naive.calls, planned.calls, other.calls)
	for _, m := range measures {
		r.Line("predict."+m.name+"."+s.name, 100*math.Abs(m.of(predicted)/m.of(measured)-1), "%")
		r.Line("predict."+m.name+"."+s.name+".noise", 100*apart(measured, again, m.of, r.Seed), "%")
		r.Note("%s under its plan: %s %.2f ms predicted, %.2f ms measured, %.2f ms again; as written %.2f ms predicted, %.2f ms measured", s.name, m.name,
			1e3*m.of(predicted), 1e3*m.of(measured), 1e3*m.of(again), 1e3*m.of(s.predicted["naive"].pooled()), 1e3*m.of(x.arm(s.name+"/naive")))
	}
}

func (r *result) allCalls() int { return sum(r.calls) }

// order prints how well predictions order plans, and what the chosen one loses to the best.
func (x *experiment) order(r *figure.Report) {
	s := x.studies[0]
	lived := func(n string) seconds { return x.results[s.name+"/"+n].of(0).pooled() } // where all plans were
	noise := apart(lived("planned"), lived("planned again"), seconds.mean, r.Seed)
	names := []string{"naive", "planned"}
	for i := range s.drawn {
		names = append(names, fmt.Sprintf("drawn %d", i))
	}
	var measured, predicted []float64
	for _, n := range names {
		measured = append(measured, lived(n).mean())
		predicted = append(predicted, s.predicted[n].of(0).pooled().mean())
		r.Note("%s/%s: mean %.1f ms measured, %.1f ms predicted", s.name, n, 1e3*measured[len(measured)-1], 1e3*predicted[len(predicted)-1])
	}
	t, pairs := tau(measured, predicted, func(i, j int) bool {
		return math.Abs(measured[i]-measured[j]) > noise*min(measured[i], measured[j])
	})
	r.Line("predict.tau", t, "rank correlation")
	r.Line("predict.pairs", float64(pairs), "pairs")
	r.Line("predict.regret", 100*(measured[1]/slices.Min(measured)-1), "%")
	r.Line("predict.regret.noise", 100*noise, "%")
}
