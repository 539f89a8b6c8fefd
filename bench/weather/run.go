package weather

// All arms live through their days side by side: what lies between slices is caught up
// with, one more arm at a time than there are processors, and slices begin for all of them at once.

import (
	"context"
	"runtime"
	"time"
)

// A result is what an arm's slices came to.
type result struct {
	answers [][]answer // of each slice
	calls   []int      // of providers, in each slice
	lanes   []int      // in which each slice was lived through
	total   int        // calls of providers from the begin of the day on
}

func (r *result) add(lane int, answers []answer, calls int) {
	r.answers, r.calls, r.lanes = append(r.answers, answers), append(r.calls, calls), append(r.lanes, lane)
}

// of returns what was lived through in one lane.
func (r *result) of(lane int) *result {
	out := &result{}
	for i, l := range r.lanes {
		if l == lane {
			out.add(l, r.answers[i], r.calls[i])
		}
	}
	return out
}

// stops are how long before a slice arms wait for each other while they catch up. The clock of one that waits goes on, and what it is late
// with is asked for at once then, later than its time. What lives for two minutes would be there for longer in the slice: the nearer it is, the
// less there is left to catch up with, and to wait for.
var stops = []time.Duration{20 * time.Minute, 4 * time.Minute, 30 * time.Second, 5 * time.Second, 0}

// catchUp has arms live through what comes before a time, as fast as they can.
func catchUp(arms []*aliveArm, until func(*aliveArm) time.Duration) error {
	for _, before := range stops {
		if err := each(arms, runtime.GOMAXPROCS(0)+1, func(_ int, a *aliveArm) error { return a.rebuild(until(a) - before) }); err != nil {
			return err
		}
	}
	return nil
}

// live lives through the arms' slices. Arms of one name are one arm, in several lanes.
func live(ctx context.Context, arms []*aliveArm, tell func(string, ...any)) (map[string]*result, error) {
	out := map[string]*result{}
	for _, a := range arms {
		out[a.name] = &result{}
	}
	answers, calls := make([][]answer, len(arms)), make([]int, len(arms))
	for n := range slicesEach {
		began := time.Now()
		if err := catchUp(arms, func(a *aliveArm) time.Duration { return a.slices[n].begin }); err != nil {
			return nil, err
		}
		tell("slice %d of %d: what came before it took %v to catch up with", n+1, slicesEach, time.Since(began).Round(time.Second))
		if err := each(arms, len(arms), func(i int, a *aliveArm) (err error) {
			answers[i], calls[i], err = a.live(ctx, a.slices[n], a.latency)
			return err
		}); err != nil {
			return nil, err
		}
		for i, a := range arms {
			out[a.name].add(a.lane, answers[i], calls[i])
		}
	}
	for _, a := range arms {
		n, err := a.calls()
		if err != nil {
			return nil, err
		}
		out[a.name].total += n
	}
	return out, nil
}

// each does something with every arm, so many at a time, and returns the first error.
func each(arms []*aliveArm, atOnce int, do func(int, *aliveArm) error) error {
	room := make(chan struct{}, atOnce)
	errs := make(chan error, len(arms))
	for i, a := range arms {
		room <- struct{}{}
		go func() {
			errs <- do(i, a)
			<-room
		}()
	}
	var first error
	for range arms {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}
