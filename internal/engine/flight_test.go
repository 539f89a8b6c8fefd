package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

const common = `shared common {
step A s.A (ctx arg) -> (a err) err=err {volatile 1h}
fail A.fail (err) -> (out.1) err=err exit=return
}
result return (a) -> (out.0 out.1) exit=return`

// crowd begins n calls and waits for them all.
func (k *kit) crowd(p *engine.Plan, n int) (all []ended) {
	var waits []func() ended
	for range n {
		waits = append(waits, k.begin(p, background, "x"))
	}
	for _, wait := range waits {
		all = append(all, wait())
	}
	return all
}

func TestOverlappingRunsBecomeOne(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", time.Second)}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", common)
		for _, got := range k.crowd(p, 5) {
			if got.out != "Ax" || got.err != nil {
				t.Errorf("%+v", got)
			}
		}
		if k.calls["s.A"] != 1 {
			t.Errorf("calls %v", k.calls)
		}
		k.crowd(p, 1)
		if k.calls["s.A"] != 2 {
			t.Errorf("a run that did not overlap was not made: %v", k.calls)
		}
	})
}

func TestErrorsGoToTheFlightsCallersOnly(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		return fmt.Sprint("A", k.calls["s.A"]), []error{k.fails(ctx), nil}[k.calls["s.A"]-1]
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", common)
		for _, got := range k.crowd(p, 3) {
			if got.err != errAbsent {
				t.Errorf("%+v", got)
			}
		}
		if got := k.crowd(p, 1)[0]; got.out != "A2" {
			t.Errorf("%+v", got)
		}
	})
}

func TestPanicIsRaisedInEachCaller(t *testing.T) {
	value := &struct{}{}
	for name, c := range map[string]struct {
		raise func()
		want  ended
	}{
		"panic":  {func() { panic(value) }, ended{panic: value}},
		"goexit": {runtime.Goexit, ended{exited: true}},
	} {
		t.Run(name, func(t *testing.T) {
			steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
				kitOf(ctx).nap(ctx, time.Second)
				c.raise()
				return "", nil
			}}
			seeds(t, steps, func(k *kit) {
				for _, got := range k.crowd(k.plan("Flow", common), 3) {
					if got.panic != c.want.panic || got.exited != c.want.exited {
						t.Errorf("%+v", got)
					}
				}
				if k.calls["s.A"] != 1 {
					t.Errorf("calls %v", k.calls)
				}
			})
		})
	}
}

func TestOneCallersCancellationDoesNotReachTheOthers(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", time.Minute)}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", common)
		ctx, cancel := context.WithCancel(background)
		leader := k.begin(p, ctx, "x")
		k.nap(background, time.Second)
		other := k.begin(p, background, "x")
		k.nap(background, time.Second)
		cancel()
		if got := leader(); got.err != context.Canceled || got.at != 2*time.Second {
			t.Errorf("leader: %+v", got)
		}
		if got := other(); got.out != "Ax" || got.at != time.Minute {
			t.Errorf("other: %+v", got)
		}
	})
}

func TestTheLastToLeaveCancels(t *testing.T) {
	var over time.Duration
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		err := k.nap(ctx, time.Hour)
		over = max(over, k.since())
		return "", err
	}}
	seeds(t, steps, func(k *kit) {
		over = 0
		p := k.plan("Flow", common)
		ctx, cancel := context.WithCancel(background)
		waits := []func() ended{k.begin(p, ctx, "x"), k.begin(p, ctx, "x")}
		k.nap(background, time.Second)
		cancel()
		for _, wait := range waits {
			if got := wait(); got.err != context.Canceled {
				t.Errorf("%+v", got)
			}
		}
		k.nap(background, 2*time.Hour)
		if over != time.Second {
			t.Errorf("the flight went on until %v", over)
		}
	})
}

// A fork in the flight hears of the end at the very moment: nothing stands between the two
// contexts that would have to be given the time.
func TestTheLastToLeaveCancelsForks(t *testing.T) {
	var over time.Duration
	steps := map[string]stepFunc{"A": takes("A", time.Millisecond), "B": func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		err := k.nap(ctx, time.Hour)
		over = max(over, k.since())
		return "", err
	}}
	inside := "shared both {\n" + strings.Replace(two, "result return", "}\nresult return", 1)
	seeds(t, steps, func(k *kit) {
		over = 0
		p := k.plan("Flow", inside)
		ctx, cancel := context.WithCancel(background)
		wait := k.begin(p, ctx, "x")
		k.nap(background, time.Second)
		cancel()
		if got := wait(); got.err != context.Canceled {
			t.Errorf("%+v", got)
		}
		k.nap(background, 2*time.Hour)
		if over != time.Second {
			t.Errorf("the flight went on until %v", over)
		}
	})
}

func TestFlightHasTheLatestDeadline(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", 20*time.Second)}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", common)
		short := engine.NewTimed(k, background, k.Now().Add(5*time.Second))
		long := engine.NewTimed(k, background, k.Now().Add(time.Minute))
		first := k.begin(p, short, "x")
		k.nap(background, time.Second)
		second := k.begin(p, long, "x")
		if got := first(); got.err != context.DeadlineExceeded || got.at != 5*time.Second {
			t.Errorf("first: %+v", got)
		}
		if got := second(); got.out != "Ax" || got.at != 20*time.Second {
			t.Errorf("second: %+v", got)
		}
	})
}

// A step that was told of the first caller's deadline may have failed for want of time,
// also if it, or another one, asked again when a later caller had moved the deadline.
func TestFailureForWantOfTimeIsTheFirstCallersOwn(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		first, _ := ctx.Deadline()
		k.nap(ctx, 2*time.Second)
		ctx.Deadline()
		if left := first.Sub(k.Now()); left < 10*time.Second {
			return "", context.DeadlineExceeded
		}
		return "A" + arg, nil
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", common)
		first := k.begin(p, engine.NewTimed(k, background, k.Now().Add(5*time.Second)), "x")
		k.nap(background, time.Second)
		second := k.begin(p, engine.NewTimed(k, background, k.Now().Add(time.Minute)), "x")
		if got := first(); got.err != context.DeadlineExceeded {
			t.Errorf("first: %+v", got)
		}
		if got := second(); got.out != "Ax" {
			t.Errorf("second: %+v", got)
		}
	})
}

func TestFlightEndsWithTheLastDeadline(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", time.Hour)}
	seeds(t, steps, func(k *kit) {
		ctx := engine.NewTimed(k, background, k.Now().Add(5*time.Second))
		if got := k.begin(k.plan("Flow", common), ctx, "x")(); got.err != context.DeadlineExceeded || got.at != 5*time.Second {
			t.Errorf("%+v", got)
		}
	})
}

func TestHiddenInputKeepsAFlightToItsLeader(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		kitOf(ctx).nap(ctx, time.Second)
		return fmt.Sprint("for ", ctx.Value(userKey{})), nil
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", common)
		var waits []func() ended
		for user := range 4 {
			waits = append(waits, k.begin(p, context.WithValue(background, userKey{}, user), "x"))
		}
		for user, wait := range waits {
			if got := wait(); got.out != fmt.Sprint("for ", user) {
				t.Errorf("user %d: %+v", user, got)
			}
		}
		if n := strings.Count(k.log.String(), "\n"); n != 1 {
			t.Errorf("%d reports:\n%s", n, k.log.String())
		}
	})
}

// Nor does a panic leave it that somebody else's value made, be it in a fill inside.
func TestHiddenPanicInAFillStaysWithItsLeader(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		kitOf(ctx).nap(ctx, time.Second)
		if user := ctx.Value(userKey{}); user != 3 {
			panic(user)
		}
		return "A", nil
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", `shared common {
stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 1m}
}
}
result return (a) -> (out.0 out.1) exit=return`)
		var waits []func() ended
		for user := range 4 {
			waits = append(waits, k.begin(p, context.WithValue(background, userKey{}, user), "x"))
		}
		for user, wait := range waits {
			if got := wait(); user < 3 && got.panic != any(user) || user == 3 && got.out != "A" {
				t.Errorf("user %d: %+v", user, got)
			}
		}
	})
}

const sharedRead = `shared common {
step A s.A (ctx arg) -> (a err) err=err {reads posts:{arg}}
}
result return (a) -> (out.0 out.1) exit=return`

func TestWriteClosesAFlight(t *testing.T) {
	for _, c := range []struct {
		name, key string
		calls     int
	}{
		{"posts", "x", 2},
		{"likes", "x", 1},
	} {
		steps := map[string]stepFunc{"A": takes("A", time.Minute)}
		early := 0 // closed for a write of other data that falls on the same stripe
		seeds(t, steps, func(k *kit) {
			p := k.plan("Flow", sharedRead)
			first := k.begin(p, background, "x")
			k.nap(background, time.Second)
			k.write(c.name, c.key, func() { k.nap(background, time.Second) })
			second := k.begin(p, background, "x")
			first()
			second()
			switch n := k.calls["s.A"]; {
			case n == c.calls:
			case n > c.calls && early < 3:
				early++
			default:
				t.Errorf("after a write of %s: calls %v, want %d", c.name, k.calls, c.calls)
			}
		})
	}
}

// write calls f as a step that writes one key.
func (k *kit) write(name, key string, f func()) {
	a := engine.Acts{Step: "s.Write", Writes: []string{name}, Engine: k.engine}
	keys := func() []engine.DataKey { return []engine.DataKey{{Name: name, Parts: [][]byte{[]byte(key)}}} }
	a.Do(context.Background(), keys, func(context.Context) error { f(); return nil })
}

func TestExpiredReadClosesAFlight(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		n := k.calls["s.A"]
		return fmt.Sprint("A", n), nil
	}, "B": takes("B", 10*time.Minute)}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", `shared common {
step A s.A (ctx arg) -> (a err) err=err {volatile 1m}
step B s.B (ctx a) -> (b err) err=err {volatile 1h}
}
result return (b) -> (out.0 out.1) exit=return`)
		first := k.begin(p, background, "x")
		k.nap(background, 2*time.Minute)
		second := k.begin(p, background, "x")
		if a, b := first(), second(); a.out != "BA1" || b.out != "BA2" {
			t.Errorf("%+v %+v", a, b)
		}
	})
}

// A fill or a flight in the flight that is not over tells what it has read, too, and what it
// is reading.
func TestExpiredReadInsideClosesAFlight(t *testing.T) {
	for name, c := range map[string]struct {
		inner, words string
		naps         [2]time.Duration
	}{
		"read in a fill":                     {"stored kept", "1m", [2]time.Duration{0, 2 * time.Minute}},
		"being read in a fill":               {"stored kept", "1m", [2]time.Duration{2 * time.Minute, 0}},
		"read in a flight":                   {"shared common.2", "1m", [2]time.Duration{0, 2 * time.Minute}},
		"being read in a flight":             {"shared common.2", "1m", [2]time.Duration{2 * time.Minute, 0}},
		"being read, where another stood in": {"stored kept", "1m onerror=1h", [2]time.Duration{2 * time.Minute, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			steps := map[string]stepFunc{"A": takes("A", c.naps[0]), "B": takes("B", c.naps[1]), "C": takes("C", 0)}
			seeds(t, steps, func(k *kit) {
				p := k.plan("Flow", `shared common {
`+c.inner+` {
step A s.A (ctx arg) -> (a err) err=err {volatile `+c.words+`}
step B s.B (ctx a) -> (b err) err=err
}
step C s.C (ctx b) -> (c err) err=err
}
result return (c) -> (out.0 out.1) exit=return`)
				first := k.begin(p, background, "x")
				k.nap(background, 90*time.Second)
				second := k.begin(p, background, "x")
				first()
				second()
				if k.calls["s.A"] != 2 {
					t.Errorf("the second caller got what was read before it came: %v", k.calls)
				}
			})
		})
	}
}

func TestFlightDoesNotWaitForItself(t *testing.T) {
	var flow *engine.Plan
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		if k.calls["s.A"] == 1 {
			return k.run(flow, ctx, arg) // its own flow, with the same argument
		}
		return "A", nil
	}}
	seeds(t, steps, func(k *kit) {
		flow = k.plan("Flow", common)
		if got := k.begin(flow, background, "x")(); got.out != "A" {
			t.Errorf("%+v", got)
		}
	})
}
