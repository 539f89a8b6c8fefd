package weather

// A day as if the service had recorded it: the runs of its towns, recorded once each beside providers that answer at once,
// with times and failures that were recorded of a part of the first half.

import (
	"iter"
	"math/rand/v2"
	"slices"

	"fluxo.dev/fluxo/internal/profile"
)

// A recorded is a source of the first requests of a day.
type recorded struct {
	day       *day
	to        int // requests
	templates *profile.Trace
	ended     map[int32][]*profile.Visit // of nodes, with their times: those that did not fail,
	failed    map[int32][]*profile.Visit // and those that did
	seed      uint64
	slices    [][]slice // of lanes: providers answer all other requests at once; nil if none
}

// asRecorded makes one.
func asRecorded(d *day, to int, templates, costs *profile.Trace, seed uint64) *recorded {
	r := &recorded{day: d, to: to, templates: templates, ended: map[int32][]*profile.Visit{}, failed: map[int32][]*profile.Visit{}, seed: seed}
	for _, run := range costs.Runs {
		for i := range run.Visits {
			v, of := &run.Visits[i], r.ended
			if v.Kind != "" {
				of = r.failed
			}
			of[v.Node] = append(of[v.Node], v)
		}
	}
	return r
}

// catchingUp returns r as arms live through it: what comes before a slice is caught up with. That shows in the slice, too: where
// nothing was slow for hours, no second try was made, and a service that may make so many of a hundred calls has some left.
func (r *recorded) catchingUp(lanes [][]slice) *recorded {
	out := *r
	out.slices = lanes
	return &out
}

// atOnce reports whether providers answer the i-th request at once.
func (r *recorded) atOnce(i int) bool {
	return r.slices != nil && !slices.ContainsFunc(r.slices, func(all []slice) bool {
		return slices.ContainsFunc(all, func(s slice) bool { return s.from <= i && i < s.to })
	})
}

// Head returns the trace without its runs.
func (r *recorded) Head() *profile.Trace { return r.templates.Head() }

// Each goes through the requests.
func (r *recorded) Each() iter.Seq2[*profile.Run, error] {
	return func(yield func(*profile.Run, error) bool) {
		rng := rand.New(rand.NewPCG(r.seed, 5))
		for n, q := range r.day.requests[:r.to] {
			run := *r.templates.Runs[int(q.town)%len(r.templates.Runs)]
			run.At, run.Took, run.Busy = q.at, 0, 0 // what a request costs around its flow is measured at its client
			run.Visits = slices.Clone(run.Visits)
			failed := false
			for i := range run.Visits {
				v := &run.Visits[i]
				took := v.Took
				r.redraw(v, rng)
				if r.atOnce(n) {
					v.Took = took
				}
				if !failed {
					run.Took += v.Took
				}
				failed = failed || v.Kind != "" // what comes behind a failure stays: a plan may have begun it
			}
			if !yield(&run, nil) {
				return
			}
		}
	}
}

// redraw gives a visit the time of a recorded one of its node, and what it came to if that one failed.
func (r *recorded) redraw(v *profile.Visit, rng *rand.Rand) {
	ended, failed := r.ended[v.Node], r.failed[v.Node]
	if len(ended)+len(failed) == 0 {
		return
	}
	n := rng.IntN(len(ended) + len(failed))
	if n < len(ended) {
		v.Took = ended[n].Took
		return
	}
	f := failed[n-len(ended)]
	v.Took, v.Kind, v.Sets = f.Took, f.Kind, f.Sets
}
