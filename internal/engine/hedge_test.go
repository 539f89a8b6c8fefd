package engine_test

// Second tries beside slow ones.

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

// twice is A, with a second try after 100ms.
const twice = `hedged twice after=100ms budget=100 {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
fail A.fail (err) -> (out.1) err=err exit=return
result return (a) -> (out.0 out.1) exit=return`

// A try is what one call of a step does.
type try struct {
	takes  time.Duration
	fails  error
	panics any
}

// tries returns a step whose nth call does the nth of those; the results say which.
func tries(all ...try) stepFunc {
	return func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		n := k.calls["s.A"]
		t := all[min(n, len(all))-1]
		if err := k.nap(ctx, t.takes); err != nil {
			k.calls["ended"]++
			return "", err
		}
		if t.panics != nil {
			panic(t.panics)
		}
		return fmt.Sprint("A", n), t.fails
	}
}

func TestTheTryThatEndsFirstCounts(t *testing.T) {
	const ms = time.Millisecond
	other := errors.New("other")
	for _, c := range []struct {
		name  string
		tries []try
		says  string
		after time.Duration
		calls int
		ended int // tries that heard that they are not needed
	}{
		{"a fast one", []try{{takes: 50 * ms}}, "A1", 50 * ms, 1, 0},
		{"a slow one", []try{{takes: time.Second}, {takes: 50 * ms}}, "A2", 150 * ms, 2, 1},
		{"a second one that is slower", []try{{takes: 200 * ms}, {takes: time.Second}}, "A1", 200 * ms, 2, 1},
		{"a failure before the second", []try{{takes: 50 * ms, fails: errDown}}, "error: down", 50 * ms, 1, 0},
		{"a failure beside the second", []try{{takes: 150 * ms, fails: errDown}, {takes: 300 * ms}}, "A2", 400 * ms, 2, 0},
		{"a failure of the second", []try{{takes: 300 * ms}, {takes: 50 * ms, fails: errDown}}, "A1", 300 * ms, 2, 0},
		{"two failures", []try{{takes: 300 * ms, fails: errDown}, {takes: 50 * ms, fails: other}}, "error: down", 300 * ms, 2, 0},
		{"two failures, the first one first", []try{{takes: 150 * ms, fails: errDown}, {takes: 300 * ms, fails: other}}, "error: down", 400 * ms, 2, 0},
		{"a panic beside the second", []try{{takes: 150 * ms, panics: errDown}, {takes: 300 * ms}}, "A2", 400 * ms, 2, 0},
		{"two panics", []try{{takes: 150 * ms, panics: errDown}, {takes: 300 * ms, panics: other}}, "panic: down", 400 * ms, 2, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			seeds(t, map[string]stepFunc{"A": tries(c.tries...)}, func(k *kit) {
				p := k.plan("Flow", twice)
				got := k.begin(p, background, "x")()
				if say(got) != c.says || got.at != c.after {
					t.Errorf("%s after %v, want %s after %v", say(got), got.at, c.says, c.after)
				}
				k.nap(background, time.Minute)
				if k.calls["s.A"] != c.calls || k.calls["ended"] != c.ended {
					t.Errorf("%v, want %d calls, of which %d are ended", k.calls, c.calls, c.ended)
				}
			})
		})
	}
}

// A kind of error that a step lists is an answer.
func TestAListedKindOfErrorEndsARace(t *testing.T) {
	steps := map[string]stepFunc{"A": tries(try{takes: time.Second}, try{takes: 50 * time.Millisecond, fails: errAbsent})}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", strings.Replace(twice, "volatile 10m", "volatile 10m errors=NotFound", 1))
		if got := k.begin(p, background, "x")(); got.err != errAbsent || got.at != 150*time.Millisecond {
			t.Errorf("%+v", got)
		}
	})
}

func TestSecondTriesKeepToTheirBudget(t *testing.T) {
	slow := func(ctx context.Context, _ string) (string, error) {
		return "A", kitOf(ctx).nap(ctx, 150*time.Millisecond)
	}
	oneSeed(t, 1, map[string]stepFunc{"A": slow}, func(k *kit) {
		p := k.plan("Flow", strings.Replace(twice, "budget=100", "budget=5", 1))
		for n := 1; n <= 1000; n++ {
			k.run(p, background, "x")
			if second := k.calls["s.A"] - n; second*100 > 5*n {
				t.Fatalf("%d second tries of %d calls", second, n)
			}
		}
		if second := k.calls["s.A"] - 1000; second < 49 {
			t.Errorf("%d second tries of 1000 calls", second)
		}
	})
}

// Nobody waits for a refresh.
func TestRefreshesAreNotTriedTwice(t *testing.T) {
	body := `stored kept refresh=40 {
hedged twice after=100ms budget=100 {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
}
fail A.fail (err) -> (out.1) err=err exit=return
result return (a) -> (out.0 out.1) exit=return`
	seeds(t, map[string]stepFunc{"A": takes("A", time.Second)}, func(k *kit) {
		p := k.plan("Flow", body)
		busy(k, p, 10*time.Minute)
		if n := k.calls["s.A"]; n != 3 {
			t.Errorf("%d calls, want two tries in the foreground and one ahead", n)
		}
	})
}

// What was not spent while all went well is not there when everything is slow.
func TestABudgetIsNotSaved(t *testing.T) {
	takes := time.Duration(0)
	step := func(ctx context.Context, _ string) (string, error) { return "A", kitOf(ctx).nap(ctx, takes) }
	oneSeed(t, 1, map[string]stepFunc{"A": step}, func(k *kit) {
		p := k.plan("Flow", strings.Replace(twice, "budget=100", "budget=5", 1))
		takes = 0
		for range 2000 {
			k.run(p, background, "x")
		}
		takes = 150 * time.Millisecond
		for range 200 {
			k.run(p, background, "x")
		}
		if second := k.calls["s.A"] - 2200; second < 20 || second > 17+10 {
			t.Errorf("%d second tries of 200 calls after 2000 fast ones", second)
		}
	})
}

func TestNoEarlyStartsLeftForTries(t *testing.T) {
	seedsEarly(t, -1, map[string]stepFunc{"A": tries(try{takes: time.Second})}, func(k *kit) {
		p := k.plan("Flow", twice)
		if got := k.begin(p, background, "x")(); got.out != "A1" || k.calls["s.A"] != 1 {
			t.Errorf("%+v", got)
		}
	})
	seedsEarly(t, 1, map[string]stepFunc{"A": tries(try{takes: time.Second})}, func(k *kit) {
		p := k.plan("Flow", twice)
		for range 3 {
			if got := k.begin(p, background, "x")(); got.err != nil {
				t.Errorf("%+v", got)
			}
		}
		if k.calls["s.A"] != 3 {
			t.Errorf("%v with one early start", k.calls)
		}
	})
}

func TestTriesGiveEarlyStartsBack(t *testing.T) {
	seedsEarly(t, 2, map[string]stepFunc{"A": takes("A", time.Second)}, func(k *kit) {
		p := k.plan("Flow", twice)
		for n := 1; n <= 20; n++ {
			k.run(p, background, "x")
			k.nap(background, time.Second)
			if k.calls["s.A"] != 2*n {
				t.Fatalf("%d calls in %d runs", k.calls["s.A"], n)
			}
		}
	})
}

// A second try that could not begin is not spent.
func TestATryThatDoesNotBeginIsGivenBack(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", time.Second), "B": takes("B", time.Hour)}
	seedsEarly(t, 2, steps, func(k *kit) {
		p := k.plan("Flow", strings.Replace(twice, "budget=100", "budget=5", 1))
		hog := k.plan("Hog", strings.NewReplacer("s.A", "s.B", "after=100ms", "after=2h").Replace(twice))
		wait := k.begin(hog, background, "x")
		k.nap(background, time.Second)
		for range 20 { // the twentieth has earned a second try, and there is no early start for it
			k.run(p, background, "x")
		}
		if n := k.calls["s.A"]; n != 20 {
			t.Fatalf("%d calls with one early start", n)
		}
		wait()
		k.run(p, background, "x")
		if n := k.calls["s.A"]; n != 22 {
			t.Errorf("%d calls, want a second try by what was earned before", n-20)
		}
	})
}

// Who is not needed and does not hear of it keeps nobody waiting, and changes nothing.
func TestATryThatIsLeftBehindIsNotWaitedFor(t *testing.T) {
	deaf := func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		n := k.calls["s.A"]
		if n == 1 {
			k.nap(background, time.Hour)
		}
		return fmt.Sprint("A", n), nil
	}
	seeds(t, map[string]stepFunc{"A": deaf, "B": takes("B", 2*time.Hour)}, func(k *kit) {
		p := k.plan("Flow", `hedged twice after=100ms budget=100 {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
glue more (a arg) -> (b)
}
step B s.B (ctx b) -> (b err) err=err {volatile 10m}
result return (a b) -> (out.0 out.1) exit=return`)
		got := k.begin(p, background, "x")()
		if got.out != "A2 BA2x" || got.at != 2*time.Hour+100*time.Millisecond {
			t.Errorf("%+v", got)
		}
	})
}

// What enters is copied for each try: the one that is left behind sees what it was given, whatever becomes
// of that.
func TestTriesHaveCopies(t *testing.T) {
	deaf := func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		if k.calls["s.A"] == 1 {
			k.nap(background, time.Second)
		}
		return "A", nil
	}
	saw := ""
	seeds(t, map[string]stepFunc{"M": counted("M"), "A": deaf, "W": takes("W", time.Millisecond)}, func(k *kit) {
		saw = ""
		k.edits = map[string]func(h *holder){
			"M": func(h *holder) { h.set("xs", []string{"made"}) },
			"A": func(h *holder) { saw += h.get("xs").([]string)[0] + " " },
			"W": func(h *holder) { h.get("xs").([]string)[0] = "changed" },
		}
		p := k.plan("Flow", `step M s.M (ctx arg) -> (a xs)
hedged twice after=100ms budget=100 {
step A s.A (ctx arg xs) -> (a err) err=err {volatile 10m}
}
step W s.W (ctx arg xs) -> (b) edit=(xs)
result return (a b) -> (out.0 out.1) exit=return`)
		if got := k.begin(p, background, "x")(); got.out != "A Wx" {
			t.Errorf("%+v", got)
		}
		k.nap(background, time.Minute)
		if saw != "made made " {
			t.Errorf("the tries saw %q", saw)
		}
	})
}

// The usual case: what is kept has the expiry of the try that counts.
func TestHedgeInsideOfWhatIsKept(t *testing.T) {
	for _, around := range []string{"stored kept {\n%s\n}", "stored kept {\nshared together {\n%s\n}\n}"} {
		body := `hedged twice after=5m budget=100 {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}`
		body = fmt.Sprintf(around, body) + "\nresult return (a) -> (out.0 out.1) exit=return"
		dialogue(t, map[string]stepFunc{"A": tries(try{takes: time.Hour}, try{takes: time.Second}, try{})}, body, `
			0s A2
			14m59s A2
			15m A3`)
	}
}

func TestHedgeOnForksAndInLoops(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		k.calls["A "+arg]++
		if k.calls["A "+arg] == 1 {
			if err := k.nap(ctx, time.Hour); err != nil {
				return "", err
			}
		}
		return arg + "'", nil
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", `each each.arg (ctx arg xs) -> (x) edit=(xs) {
start each.arg/start.A each.arg/twice..each.arg/twice ahead=3
hedged each.arg/twice after=1s budget=100 {
step each.arg/A s.A (ctx x) -> (y err) err=err {volatile 10m}
}
glue each.arg/add (a y) -> (a)
}
result return (a) -> (out.0 out.1) exit=return`)
		if got := k.begin(p, background, "p q r")(); got.out != "p'q'r'" || got.at != time.Second {
			t.Errorf("%+v", got)
		}
	})
}

// A caller who leaves ends both.
func TestCancellationReachesBothTries(t *testing.T) {
	steps := map[string]stepFunc{"A": tries(try{takes: time.Hour})}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", twice)
		ctx, cancel := context.WithCancel(background)
		wait := k.begin(p, ctx, "x")
		k.nap(background, time.Second)
		cancel()
		if got := wait(); got.err != context.Canceled || got.at != time.Second || k.calls["ended"] != 2 {
			t.Errorf("%+v, %v", got, k.calls)
		}
	})
}

// A fork that nobody needs ends the tries that it has begun.
func TestADroppedForkEndsItsTries(t *testing.T) {
	steps := map[string]stepFunc{"A": tries(try{takes: time.Hour}), "B": func(ctx context.Context, _ string) (string, error) {
		kitOf(ctx).nap(ctx, time.Second)
		return "", errDown
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", `start start.A twice..twice
step B s.B (ctx arg) -> (b err) err=err {volatile 10m}
fail B.fail (err) -> (out.1) err=err exit=return
`+twice)
		if got := k.begin(p, background, "x")(); got.err != errDown || got.at != time.Second {
			t.Errorf("%+v", got)
		}
		k.nap(background, time.Millisecond)
		if k.calls["s.A"] > 0 && k.calls["ended"] != k.calls["s.A"] {
			t.Errorf("%v: tries go on for nobody", k.calls)
		}
	})
}

// A step's limit counts both tries: the second waits for its place.
func TestALimitCountsBothTries(t *testing.T) {
	acts := &engine.Acts{Step: "s.A", Limit: 1}
	step := func(ctx context.Context, _ string) (out string, err error) {
		k := kitOf(ctx)
		refused := acts.Do(ctx, nil, func(ctx context.Context) error {
			k.calls["inside"]++
			if k.calls["inside"] > 1 {
				t.Error("two at once where one may be")
			}
			out, err = "A", k.nap(ctx, time.Second)
			k.calls["inside"]--
			return err
		})
		return out, errors.Join(refused, err)
	}
	seeds(t, map[string]stepFunc{"A": step}, func(k *kit) {
		acts.Engine = k.engine
		p := k.plan("Flow", twice)
		if got := k.begin(p, background, "x")(); got.out != "A" || got.at != time.Second {
			t.Errorf("%+v", got)
		}
	})
}
