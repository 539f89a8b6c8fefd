package engine_test

// Results that are computed again before they expire.

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

// ahead is A, computed again once eight minutes of its ten are over.
const ahead = `stored kept refresh=80 {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
fail A.fail (err) -> (out.1) err=err exit=return
result return (a) -> (out.0 out.1) exit=return`

func TestHitHasAnOldResultComputedAgain(t *testing.T) {
	dialogue(t, map[string]stepFunc{"A": counted("A")}, ahead, `
		0s A1
		7m A1
		8m1s A1
		8m1.5s A1
		8m4s A2
		17m A2
		18m3s A3`) // the second expired at 18m1s, and was computed again at 17m
}

func TestRefreshThatFailsDoesNotExtendALife(t *testing.T) {
	failing := func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		if k.calls["s.A"] > 1 {
			return "", errors.New("down")
		}
		return "A1", k.nap(ctx, time.Second)
	}
	dialogue(t, map[string]stepFunc{"A": failing}, ahead, `
		0s A1
		9m A1
		9m30s A1
		10m1s error: down`)
}

func TestRefreshIsOneAtATime(t *testing.T) {
	hangs := func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		n := k.calls["s.A"]
		if n == 2 {
			k.nap(background, time.Hour) // whatever becomes of its context
		}
		return fmt.Sprint("A", n), nil
	}
	seeds(t, map[string]stepFunc{"A": hangs}, func(k *kit) {
		p := k.plan("Flow", ahead)
		for _, at := range []time.Duration{0, 8 * time.Minute, 9 * time.Minute, 11 * time.Minute, 20 * time.Minute, 20*time.Minute + 30*time.Second} {
			k.nap(background, at-k.since())
			want := "A1"
			if at > 10*time.Minute {
				want = "A3" // computed in the foreground, and not again while the second hangs
			}
			if got := say(k.begin(p, background, "x")()); got != want {
				t.Errorf("at %v: %s, want %s", at, got, want)
			}
		}
		k.nap(background, 10*time.Minute)
		if got := say(k.begin(p, background, "x")()); got != "A4" {
			t.Errorf("%s: what hung has replaced what is younger", got)
		}
	})
}

func TestRefreshHasAnEndOfItsOwn(t *testing.T) {
	var over error
	waits := func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		if k.calls["s.A"] == 2 {
			over = k.nap(ctx, time.Hour)
			return "", over
		}
		return "A", nil
	}
	seeds(t, map[string]stepFunc{"A": waits}, func(k *kit) {
		over = nil
		p := k.plan("Flow", ahead)
		k.run(p, background, "x")
		k.nap(background, 9*time.Minute)
		ctx, cancel := context.WithCancel(background)
		k.run(p, ctx, "x")
		cancel()
		k.nap(background, 50*time.Second)
		if over != nil {
			t.Errorf("a refresh ended with its caller: %v", over)
		}
		k.nap(background, 20*time.Second)
		if over != context.DeadlineExceeded {
			t.Errorf("a refresh goes on for ever: %v", over)
		}
	})
}

func TestNoEarlyStartsLeftForARefresh(t *testing.T) {
	seedsEarly(t, -1, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		for range 13 {
			k.run(p, background, "x")
			k.nap(background, 50*time.Second)
		}
		if n := k.calls["s.A"]; n != 2 {
			t.Errorf("%d calls in ten minutes", n)
		}
	})
}

func TestEarlyStartsOfRefreshesAreGivenBack(t *testing.T) {
	seedsEarly(t, 1, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		for range 60 {
			k.run(p, background, "x")
			k.nap(background, time.Minute)
		}
		if n := k.calls["s.A"]; n < 7 || n > 8 {
			t.Errorf("%d calls in an hour, want one every eight minutes", n)
		}
	})
}

// A write while the new results are computed closes the refresh: they are of before.
func TestWriteClosesARefresh(t *testing.T) {
	now := "old"
	read := func(ctx context.Context, _ string) (string, error) {
		k, was := kitOf(ctx), now
		return was, k.nap(ctx, time.Second)
	}
	seeds(t, map[string]stepFunc{"A": read}, func(k *kit) {
		now = "old"
		p := k.plan("Flow", strings.Replace(ahead, "volatile 10m", "reads posts within=10m", 1))
		k.run(p, background, "x")
		k.nap(background, 9*time.Minute)
		k.run(p, background, "x")
		k.nap(background, 500*time.Millisecond)
		a := engine.Acts{Step: "W", Writes: []string{"posts"}, Engine: k.engine}
		a.Do(background, nil, func(context.Context) error { now = "new"; return nil })
		k.nap(background, time.Second)
		if got := say(k.begin(p, background, "x")()); got != "new" {
			t.Errorf("%s is kept of what was written meanwhile", got)
		}
	})
}

// What is computed again is computed again as a whole: kept parts are not taken that
// would have the new results expire when the old ones do.
func TestRefreshReachesThroughKeptParts(t *testing.T) {
	inner := strings.Replace(ahead, "step A s.A (ctx arg) -> (a err) err=err {volatile 10m}",
		"stored inner {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 10m}\n}", 1)
	dialogue(t, map[string]stepFunc{"A": counted("A")}, inner, `
		0s A1
		8m1s A1
		8m4s A2
		17m A2
		18m3s A3`)
}

// An attempt behind the answer that fails has the last result stand in for a moment, which
// is no reason to give up what lives longer.
func TestStandInDoesNotReplaceWhatIsKept(t *testing.T) {
	failing := func(ctx context.Context, _ string) (string, error) {
		if k := kitOf(ctx); k.calls["s.A"] > 1 {
			return "", errDown
		}
		return "A1", nil
	}
	seeds(t, map[string]stepFunc{"A": failing}, func(k *kit) {
		p := k.plan("Flow", strings.Replace(ahead, "volatile 10m", "volatile 10m onerror=1h", 1))
		k.run(p, background, "x")
		k.nap(background, 9*time.Minute)
		for range 5 {
			if got := say(k.begin(p, background, "x")()); got != "A1" {
				t.Errorf("got %s", got)
			}
			k.nap(background, 11*time.Second)
		}
		if n := k.calls["s.A"]; n != 2 {
			t.Errorf("%d calls, want the first and the refresh", n)
		}
	})
}

// A block may set what it reads: what is computed again is what the key says.
func TestRefreshIsOfWhatEntered(t *testing.T) {
	body := `stored kept refresh=80 {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
glue next (a) -> (arg)
}
result return (a arg) -> (out.0 out.1) exit=return`
	asked := func(ctx context.Context, arg string) (string, error) { return arg + "'", nil }
	dialogue(t, map[string]stepFunc{"A": asked}, body, "0s x' x'\n9m x' x'\n9m1s x' x'")
}
