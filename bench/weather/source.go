package weather

// A day as if the service had recorded it: the runs of its towns, recorded once each beside providers that answer at once,
// with times that were recorded of a part of the first half.

import (
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

// A recorded is a source of the first requests of a day.
type recorded struct {
	day       *day
	to        int // requests
	templates *profile.Trace
	times     map[int32][]time.Duration // that nodes took when they did not fail
	seed      uint64
}

// asRecorded makes one.
func asRecorded(d *day, to int, templates, costs *profile.Trace, seed uint64) *recorded {
	r := &recorded{d, to, templates, map[int32][]time.Duration{}, seed}
	for _, run := range costs.Runs {
		for _, v := range run.Visits {
			if v.Kind == "" {
				r.times[v.Node] = append(r.times[v.Node], v.Took)
			}
		}
	}
	return r
}

// Head returns the trace without its runs.
func (r *recorded) Head() *profile.Trace { return r.templates.Head() }

// Each goes through the requests.
func (r *recorded) Each() iter.Seq2[*profile.Run, error] {
	return func(yield func(*profile.Run, error) bool) {
		rng := rand.New(rand.NewPCG(r.seed, 5))
		for _, q := range r.day.requests[:r.to] {
			run := *r.templates.Runs[int(q.town)%len(r.templates.Runs)]
			run.At, run.Took, run.Busy = q.at, 0, 0 // what a request costs around its flow is measured at its client
			run.Visits = slices.Clone(run.Visits)
			for i := range run.Visits {
				v := &run.Visits[i]
				if took := r.times[v.Node]; len(took) > 0 {
					v.Took = took[rng.IntN(len(took))]
				}
				run.Took += v.Took
			}
			if !yield(&run, nil) {
				return
			}
		}
	}
}
