package simworld

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// order runs three tasks that note their turns.
func order(t *testing.T, seed uint64) string {
	var got []string
	err := Run(seed, func(w *World) {
		for i := range 3 {
			w.Go(func() {
				for j := range 3 {
					got = append(got, fmt.Sprint(i, j))
					w.Yield()
				}
			})
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(got, " ")
}

func TestSameSeedSameOrder(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(50) {
		a, b := order(t, seed), order(t, seed)
		if a != b {
			t.Fatalf("seed %d: %s, then %s", seed, a, b)
		}
		seen[a] = true
	}
	if len(seen) < 20 {
		t.Errorf("50 seeds gave %d orders", len(seen))
	}
}

func TestTimeMovesWhenNobodyCanGoOn(t *testing.T) {
	var got []string
	err := Run(1, func(w *World) {
		for _, d := range []time.Duration{3 * time.Hour, time.Hour, 2 * time.Hour} {
			w.Go(func() {
				w.Sleep(nil, d)
				got = append(got, fmt.Sprint(w.Now().Sub(Epoch)))
			})
		}
	})
	if want := []string{"1h0m0s", "2h0m0s", "3h0m0s"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestWaitEndsWithContext(t *testing.T) {
	err := Run(1, func(w *World) {
		ctx, cancel := context.WithCancel(context.Background())
		w.Go(func() {
			if w.NewGate().Wait(ctx.Done()) {
				t.Error("the gate opened by itself")
			}
		})
		w.Sleep(nil, time.Second)
		cancel()
	})
	if err != nil {
		t.Error(err)
	}
}

func TestDeadlock(t *testing.T) {
	err := Run(1, func(w *World) {
		w.Sleep(nil, time.Minute)
		w.NewGate().Wait(nil)
	})
	if err == nil || !strings.Contains(err.Error(), "deadlock at 1m0s") || !strings.Contains(err.Error(), "task 1 for a gate") {
		t.Error(err)
	}
}

func TestLivelock(t *testing.T) {
	err := Run(1, func(w *World) {
		var again func()
		again = func() { w.At(w.Elapsed(), again) }
		w.Sleep(nil, time.Second)
		again()
		w.Sleep(nil, time.Second)
	})
	if err == nil || !strings.Contains(err.Error(), "livelock at 1s") {
		t.Errorf("%v", err)
	}
	if err := Run(1, func(w *World) {
		for range maxTurns + 10 {
			w.Sleep(nil, time.Nanosecond)
		}
	}); err != nil {
		t.Errorf("while time passes: %v", err)
	}
}

func TestGoexitEndsOneTask(t *testing.T) {
	ended := false
	err := Run(1, func(w *World) {
		w.Go(runtime.Goexit)
		w.Sleep(nil, time.Second)
		ended = true
	})
	if err != nil || !ended {
		t.Error(err, ended)
	}
}
