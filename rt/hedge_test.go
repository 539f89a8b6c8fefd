package rt_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// A first try that is stuck is left for a second one, and its context tells it; on real goroutines, in
// flights and fills, as many at once as a budget may have saved up.
func TestSecondTriesBesideStuckOnes(t *testing.T) {
	under(t, `fluxo 1
flow example.com/weather.Weather (
	store Observe
	coalesce Observe
	hedge Observe after=1ms budget=100%
	parallel Observe Alerts
)
`)
	var mu sync.Mutex
	calls := map[string]int{}
	stuck := func(ctx context.Context, step, arg string) error {
		mu.Lock()
		calls[step+arg]++
		first := step == "Observe" && calls[step+arg] == 1
		mu.Unlock()
		if !first {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	}
	upstream.Store(&stuck)
	t.Cleanup(func() { upstream.Store(nil) })
	const towns = 10
	for range 10 {
		run := locates.Load()
		var wg sync.WaitGroup
		for i := range 4 * towns {
			wg.Go(func() {
				zip := fmt.Sprint("hedged ", run, "/", i%towns)
				got, err := Weather(context.Background(), zip)
				if want := "sky over city of " + zip; err != nil || got.Sky != want {
					t.Errorf("%v, %v; want %s", got, err, want)
				}
			})
		}
		wg.Wait()
	}
}
