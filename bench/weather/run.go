package weather

// All arms live through their days side by side: what lies between slices is caught up
// with, one arm after another on every processor, and slices begin for all of them at once.

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"
)

// A result is what an arm's slices came to.
type result struct {
	answers [][]answer // of each slice
	calls   []int      // of providers, in each slice
}

// run lives through the slices. The arms of one day have the same slices; days may have as many as they like.
func run(ctx context.Context, arms []*aliveArm, slicesOf map[*day][]slice, tell func(string, ...any)) (map[*aliveArm]*result, error) {
	out := map[*aliveArm]*result{}
	most := 0
	for _, a := range arms {
		out[a] = &result{}
		most = max(most, len(slicesOf[a.day]))
	}
	for n := range most {
		now := slices.DeleteFunc(slices.Clone(arms), func(a *aliveArm) bool { return n >= len(slicesOf[a.day]) })
		began := time.Now()
		if err := each(now, runtime.GOMAXPROCS(0), func(a *aliveArm) error {
			all := slicesOf[a.day]
			from := 0
			if n > 0 {
				from = all[n-1].to
			}
			return a.rebuild(from, all[n].from, all[n].begin)
		}); err != nil {
			return nil, err
		}
		tell("slice %d of %d: what came before it took %v to catch up with", n+1, most, time.Since(began).Round(time.Second))
		var mu sync.Mutex
		if err := each(now, len(now), func(a *aliveArm) error {
			answers, calls, err := a.live(ctx, slicesOf[a.day][n])
			mu.Lock()
			defer mu.Unlock()
			out[a].answers, out[a].calls = append(out[a].answers, answers), append(out[a].calls, calls)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// each does something with every arm, so many at a time, and returns the first error.
func each(arms []*aliveArm, atOnce int, do func(*aliveArm) error) error {
	room := make(chan struct{}, atOnce)
	errs := make(chan error, len(arms))
	for _, a := range arms {
		room <- struct{}{}
		go func() {
			errs <- do(a)
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
