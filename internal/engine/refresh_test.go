package engine_test

// Results that are computed again before they expire.

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

// ahead is A, computed again four seconds before it expires (it takes one), if it is more likely than by 40 per cent that
// somebody asks within the ten minutes after that.
const ahead = `stored kept refresh=40 {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
fail A.fail (err) -> (out.1) err=err exit=return
result return (a) -> (out.0 out.1) exit=return`

func TestWhatIsAskedForIsComputedAgain(t *testing.T) {
	dialogue(t, map[string]stepFunc{"A": counted("A")}, ahead, `
		0s A1
		5m A1
		9m55s A1
		9m58s A2
		15m A2
		19m50s A2
		19m54s A3`) // the second began at 9m56s
}

func TestWhatNobodyAsksForIsNot(t *testing.T) {
	dialogue(t, map[string]stepFunc{"A": counted("A")}, ahead, `
		0s A1
		9m58s A1
		10m1s A2`) // whoever comes that late has it computed himself
	seeds(t, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		for range 15 {
			k.run(p, background, "x")
			k.nap(background, 4*time.Minute)
		}
		if n := k.calls["s.A"]; n < 6 || n > 7 {
			t.Errorf("%d calls in an hour, want one about every ten minutes", n)
		}
		k.nap(background, 48*time.Hour)
		if n := k.calls["s.A"]; n > 9 {
			t.Errorf("%d calls, though nobody has asked for two days", n)
		}
	})
}

// Each key has a pace of its own.
func TestOftenAndSeldom(t *testing.T) {
	seeds(t, map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) { return arg, nil }}, func(k *kit) {
		p := k.plan("Flow", ahead)
		asked := k.calls["s.A"]
		for i := range 40 {
			k.run(p, background, fmt.Sprint("seldom", i))
			k.nap(background, time.Minute)
		}
		if n := k.calls["s.A"] - asked; n != 40 {
			t.Errorf("%d calls for 40 keys that were asked for once", n)
		}
	})
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
		5m A1
		9m59s A1
		10m1s error: down`)
}

// busy asks until some time has passed, every minute.
func busy(k *kit, p *engine.Plan, until time.Duration) {
	for k.since() < until {
		k.run(p, background, "x")
		k.nap(background, min(time.Minute, until-k.since()))
	}
}

// What takes longer than it lives has expired when it comes.
func TestResultsThatComeExpiredAreNotComputedAgain(t *testing.T) {
	slow := func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		k.nap(background, 3*time.Second)
		return arg, nil
	}
	seeds(t, map[string]stepFunc{"A": slow}, func(k *kit) {
		p := k.plan("Flow", strings.Replace(ahead, "volatile 10m", "volatile 2s", 1))
		for range 20 {
			k.run(p, background, "x")
		}
		k.nap(background, 2*time.Second)
		if n := k.calls["s.A"]; n != 20 {
			t.Errorf("%d calls for 20 answers, each of which expired before it came", n)
		}
	})
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
		busy(k, p, 9*time.Minute+59*time.Second)
		if n := k.calls["s.A"]; n != 2 {
			t.Errorf("%d calls, want the first and one ahead", n)
		}
		k.nap(background, 10*time.Second)
		busy(k, p, 20*time.Minute+8500*time.Millisecond)
		if n := k.calls["s.A"]; n != 3 {
			t.Errorf("%d calls, want one in the foreground and none beside the second, which hangs", n)
		}
		k.nap(background, time.Minute)
		if got := say(k.begin(p, background, "x")()); got != "A4" {
			t.Errorf("%s", got)
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
		ctx, cancel := context.WithCancel(background)
		for range 9 {
			k.run(p, ctx, "x")
			k.nap(background, time.Minute)
		}
		cancel()
		k.nap(background, 110*time.Second)
		if over != nil {
			t.Errorf("a refresh ended with who had asked: %v", over)
		}
		k.nap(background, 20*time.Second)
		if over != context.DeadlineExceeded {
			t.Errorf("a refresh goes on for ever: %v", over)
		}
	})
}

// What was asked for often and is not any more when its time comes is not computed again.
func TestSilenceBeforeARefresh(t *testing.T) {
	seeds(t, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		for range 30 {
			k.run(p, background, "x")
			k.nap(background, time.Second)
		}
		if k.nap(background, 11*time.Minute); k.calls["s.A"] != 1 {
			t.Errorf("%d calls", k.calls["s.A"])
		}
	})
}

// What there was no room for is not computed again.
func TestEvictedIsNotComputedAgain(t *testing.T) {
	for seed := range uint64(5) {
		x := 0
		steps := map[string]stepFunc{"A": func(_ context.Context, arg string) (string, error) {
			if arg == "x" {
				x++
			}
			return arg, nil
		}}
		world(t, seed, 8, steps, func(k *kit) {
			k.engine.SetMemory(8192)
			p := k.plan("Flow", ahead)
			busy(k, p, 5*time.Minute)
			for i := range 3000 {
				k.run(p, background, fmt.Sprint(i%40))
			}
			if k.nap(background, 10*time.Minute); x != 1 {
				t.Errorf("%d calls", x)
			}
		})
	}
}

// Whoever is answered by results asks for the kept parts that they are made of, too.
func TestKeptPartsAreAskedFor(t *testing.T) {
	body := strings.Replace(ahead, "step A s.A (ctx arg) -> (a err) err=err {volatile 10m}",
		"stored inner refresh=40 {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 10m}\n}\nglue glue (a) -> (a)", 1)
	body = strings.Replace(body, "stored kept refresh=40", "stored kept", 1)
	seeds(t, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", body)
		busy(k, p, 19*time.Minute+59*time.Second) // it is seen to when it is computed or asked for itself, which is after ten minutes
		if n := k.calls["s.A"]; n != 3 {
			t.Errorf("%d calls, want two and one ahead", n)
		}
	})
}

// What results remember of the kept parts that they are made of counts as memory.
func TestWhatIsRememberedOfPartsCounts(t *testing.T) {
	stored := func(inner string) (bytes int64) {
		oneSeed(t, 1, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
			p := k.plan("Flow", strings.NewReplacer("refresh=40 {\nstep", "{\n"+inner+" {\nstep", "10m}\n", "10m}\n}\n").Replace(ahead))
			k.run(p, background, "x")
			bytes = k.engine.Stored()
		})
		return bytes
	}
	if with, without := stored("stored inner refresh=40"), stored("stored inner"); with < without+72 {
		t.Errorf("%d bytes are stored with a part that is remembered, %d without", with, without)
	}
}

// However often results are computed again, contexts do not stand one inside the other, and the first request is not kept alive.
func TestContextsOfRefreshesStayShort(t *testing.T) {
	deepest := 0
	base := deep{background, &deepest}
	seeds(t, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		ask := func(until time.Duration) {
			for ; k.since() < until; k.nap(background, time.Minute) {
				k.run(p, base, "x")
			}
		}
		ask(25 * time.Minute)
		before := deepest
		if ask(2 * time.Hour); before == 0 || deepest > before {
			t.Errorf("a value is found %d calls deep, was %d after two refreshes", deepest, before)
		}
		calls := k.calls["s.A"]
		deepest = 0
		if busy(k, p, k.since()+10*time.Minute); deepest > 0 || k.calls["s.A"] == calls {
			t.Errorf("a refresh asks the context of a request that is over, after %d refreshes", k.calls["s.A"]-calls)
		}
	})
}

// However often results are computed again, what their callers have to do themselves is listed once.
func TestBarredEdgesOfRefreshesStayFew(t *testing.T) {
	body := strings.NewReplacer("kept {", "kept refresh=40 {", "1h", "10m").Replace(fmt.Sprintf(page, "stored", "", ""))
	seeds(t, map[string]stepFunc{"A": failing("A", nil), "B": failing("B", nil)}, func(k *kit) {
		p := k.plan("Flow", body)
		for range 10 {
			busy(k, p, k.since()+15*time.Minute)
			if n := k.engine.MostBarred(); n != 2 {
				t.Fatalf("a refresh is barred from %d failure edges at %v, want 2", n, k.since())
			}
		}
	})
}

// deep is a context that notes how deep those are who ask it for a value, as the engine itself does.
type deep struct {
	context.Context
	most *int
}

func (d deep) Value(key any) any {
	*d.most = max(*d.most, runtime.Callers(0, make([]uintptr, 1000)))
	return d.Context.Value(key)
}

// Copies of what enters wait for seldom asked keys neither, nor for more keys than there is room for.
func TestFewWaitForTheirTime(t *testing.T) {
	seeds(t, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		for i := range 50 {
			k.run(p, background, fmt.Sprint("seldom", i))
		}
		if n, _ := k.engine.WaitingAhead(); n != 0 {
			t.Errorf("%d wait though nobody asked twice", n)
		}
		for i := range 50 {
			k.run(p, background, fmt.Sprint("often", i%5))
		}
		if n, full := k.engine.WaitingAhead(); n != 5 || full != 5 {
			t.Errorf("%d wait, want one for each key", n)
		}
		k.engine.SetMostAhead(7)
		for i := range 50 {
			k.run(p, background, fmt.Sprint("oftener", i%5))
		}
		if n, _ := k.engine.WaitingAhead(); n != 7 {
			t.Errorf("%d wait, want 7", n)
		}
		k.nap(background, time.Hour)
		if n, _ := k.engine.WaitingAhead(); n != 0 {
			t.Errorf("%d wait after an hour", n)
		}
	})
}

// However often results are replaced before their time, one copy waits for it, and a swap of plans drops that.
func TestOneWaitsForEachKey(t *testing.T) {
	var called time.Duration
	step := func(ctx context.Context, arg string) (string, error) {
		called = kitOf(ctx).since()
		return arg, nil
	}
	seeds(t, map[string]stepFunc{"A": step}, func(k *kit) {
		p := k.plan("Flow", strings.Replace(ahead, "volatile 10m", "reads posts within=10m", 1))
		a := engine.Acts{Step: "W", Writes: []string{"posts"}, Engine: k.engine}
		for range 40 {
			k.run(p, background, "x")
			a.Do(background, nil, func(context.Context) error { return nil })
			k.nap(background, 30*time.Second)
		}
		k.run(p, background, "x")
		if n, full := k.engine.WaitingAhead(); n != 1 || full != 1 {
			t.Errorf("%d alarms are set for %d copies of one key", n, full)
		}
		due := k.since() + 9*time.Minute + 59*time.Second
		if busy(k, p, due+500*time.Millisecond); called != due {
			t.Errorf("called last at %v, want when the time of the youngest has come, %v", called, due)
		}
		k.engine.Swap(func() {})
		if _, full := k.engine.WaitingAhead(); full != 0 {
			t.Errorf("%d copies are kept of what a swap ended", full)
		}
	})
}

// What is long to say is not kept waiting.
func TestLongInputsDoNotWait(t *testing.T) {
	seeds(t, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		for range 9 {
			k.run(p, background, strings.Repeat("x", 2000))
		}
		if n, _ := k.engine.WaitingAhead(); n != 0 {
			t.Errorf("%d wait", n)
		}
	})
}

// The pace of a key is known under the next plan, too.
func TestPacesOutliveAPlan(t *testing.T) {
	seeds(t, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		busy(k, p, 9*time.Minute)
		k.engine.Swap(func() { p = k.plan("Flow", ahead) })
		k.run(p, background, "x")
		if k.nap(background, 59*time.Second); k.calls["s.A"] != 2 {
			t.Errorf("%d calls, want the first and one ahead", k.calls["s.A"])
		}
	})
}

// A source that hangs does not take all early starts.
func TestRefreshesLeaveEarlyStarts(t *testing.T) {
	hangs := func(ctx context.Context, arg string) (string, error) {
		if k := kitOf(ctx); k.since() > 9*time.Minute {
			k.nap(background, time.Hour)
		}
		return arg, nil
	}
	seedsEarly(t, 8, map[string]stepFunc{"A": hangs}, func(k *kit) {
		p := k.plan("Flow", strings.Replace(ahead, "stored kept refresh=40", "stored kept refresh=1", 1))
		for range 9 {
			for i := range 8 {
				k.run(p, background, fmt.Sprint(i))
			}
			k.nap(background, 50*time.Second)
		}
		if k.nap(background, 3*time.Minute); k.calls["s.A"] != 8+2 {
			t.Errorf("%d refreshes are under way with 8 early starts, want 2", k.calls["s.A"]-8)
		}
	})
}

// What stands in for a failure is not computed again ahead: the next try has a time of its own.
func TestStandInsAreNotComputedAgain(t *testing.T) {
	body := strings.Replace(ahead, "step A s.A (ctx arg) -> (a err) err=err {volatile 10m}",
		"step A s.A (ctx arg) -> (a err) err=err {volatile 1m onerror=1h}\nstep B s.B (ctx arg) -> (b err) err=err {volatile 10m}", 1)
	steps := map[string]stepFunc{"B": counted("B"), "A": func(ctx context.Context, _ string) (string, error) {
		if k := kitOf(ctx); k.calls["s.A"] > 1 {
			return "", errDown
		}
		return "A1", nil
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", body)
		for k.since() < 10*time.Minute {
			k.run(p, background, "x")
			k.nap(background, 500*time.Millisecond)
		}
		// A minute's life, then every ten seconds: B is called beside each stand-in, and not once more ahead of its end.
		if n := k.calls["s.B"]; n < 50 || n > 58 {
			t.Errorf("%d calls beside those of a step that is down", n)
		}
	})
}

// Of two that are due at one time, one early start is enough for one.
func TestRefreshesTakeEarlyStarts(t *testing.T) {
	seedsEarly(t, 1, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		for range 9 {
			x, y := k.begin(p, background, "x"), k.begin(p, background, "y")
			x()
			y()
			k.nap(background, time.Minute)
		}
		if k.nap(background, 57*time.Second); k.calls["s.A"] != 3 {
			t.Errorf("%d calls, want two and one ahead", k.calls["s.A"])
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

// One that had no early start left is not made up for: who comes later computes the results.
func TestEarlyStartsOfRefreshesAreGivenBack(t *testing.T) {
	seedsEarly(t, 1, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		for range 60 {
			began := k.since()
			if k.run(p, background, "x"); began > 10*time.Minute && k.since() > began {
				t.Errorf("waited at %v", began)
			}
			k.nap(background, time.Minute)
		}
		if n := k.calls["s.A"]; n < 6 || n > 7 {
			t.Errorf("%d calls in an hour, want one about every ten minutes", n)
		}
	})
}

// A swap of plans ends what waits for its time; a hit under the new plan sees to the results again.
func TestSwapHandsRefreshesOver(t *testing.T) {
	seeds(t, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("Flow", ahead)
		busy(k, p, 5*time.Minute)
		k.engine.Swap(func() { p = k.plan("Flow", ahead) })
		busy(k, p, 9*time.Minute+58*time.Second)
		if n := k.calls["s.A"]; n != 2 {
			t.Errorf("%d calls, want the first and one ahead", n)
		}
		k.engine.Swap(func() {
			p = k.plan("Flow", "step A s.A (ctx arg) -> (a err) err=err {volatile 10m}\nresult return (a err) -> (out.0 out.1) exit=return")
		})
		k.nap(background, time.Hour)
		if n := k.calls["s.A"]; n != 2 {
			t.Errorf("%d calls: nothing is kept any more", n)
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
		busy(k, p, 9*time.Minute+56500*time.Millisecond)
		a := engine.Acts{Step: "W", Writes: []string{"posts"}, Engine: k.engine}
		a.Do(background, nil, func(context.Context) error { now = "new"; return nil })
		k.nap(background, time.Second)
		if got := say(k.begin(p, background, "x")()); got != "new" {
			t.Errorf("%s is kept of what was written meanwhile", got)
		}
	})
}

// What was computed in the foreground meanwhile is seen to when its own time comes.
func TestYoungerResultsAreNotComputedAgain(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		if at := kitOf(ctx).since(); at > 9*time.Minute+50*time.Second && at < 10*time.Minute {
			t.Errorf("computed at %v", at)
		}
		return "A", nil
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", strings.Replace(ahead, "volatile 10m", "reads posts within=10m", 1))
		busy(k, p, 5*time.Minute+30*time.Second)
		a := engine.Acts{Step: "W", Writes: []string{"posts"}, Engine: k.engine}
		a.Do(background, nil, func(context.Context) error { return nil })
		busy(k, p, 12*time.Minute)
	})
}

// What is computed again is computed again as a whole: kept parts are not taken that
// would have the new results expire when the old ones do.
func TestRefreshReachesThroughKeptParts(t *testing.T) {
	inner := strings.Replace(ahead, "step A s.A (ctx arg) -> (a err) err=err {volatile 10m}",
		"stored inner {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 10m}\n}", 1)
	dialogue(t, map[string]stepFunc{"A": counted("A")}, inner, `
		0s A1
		5m A1
		9m58s A2
		15m A2
		19m54s A3`)
}

// A part that was computed some moments after the others expires some moments after them. With it, the new results would expire before
// their time to be computed again comes, and somebody would have to wait.
func TestRefreshDoesNotTakePartsThatExpireSoonAfter(t *testing.T) {
	body := `stored kept refresh=40 {
stored first {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
fail A.fail (err) -> (out.1) err=err exit=return
stored second {
step B s.B (ctx arg) -> (b err) err=err {volatile 10m}
}
glue glue (a b) -> (b)
}
fail B.fail (err) -> (out.1) err=err exit=return
result return (b) -> (out.0 out.1) exit=return`
	steps := map[string]stepFunc{"A": counted("A"), "B": counted("B")}
	dialogue(t, steps, body, `
		0s A1B1
		5m A1B1
		9m58s A2B2
		10m10s A2B2
		15m A2B2
		19m51s A3B3`) // they take two seconds: eight before the first part expires both are computed again
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
		busy(k, p, 9*time.Minute)
		for range 3 {
			if got := say(k.begin(p, background, "x")()); got != "A1" {
				t.Errorf("got %s", got)
			}
			k.nap(background, 19900*time.Millisecond)
		}
		if n := k.calls["s.A"]; n != 2 {
			t.Errorf("%d calls, want the first and the refresh", n)
		}
	})
}

// A block may set what it reads: what is computed again is what the key says.
func TestRefreshIsOfWhatEntered(t *testing.T) {
	body := `stored kept refresh=40 {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
glue next (a) -> (arg)
}
result return (a arg) -> (out.0 out.1) exit=return`
	asked := func(ctx context.Context, arg string) (string, error) { return arg + "'", nil }
	dialogue(t, map[string]stepFunc{"A": asked}, body, "0s x' x'\n9m x' x'\n9m59.5s x' x'\n10m1s x' x'")
}
