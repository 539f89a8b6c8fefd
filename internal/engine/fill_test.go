package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

// chained is A, then B on its result, stored together.
const chained = `stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
step B s.B (ctx a) -> (b err) err=err {volatile 2m}
}
fail B.fail (err) -> (out.1) err=err exit=return
result return (b) -> (out.0 out.1) exit=return`

// counted returns a step that numbers its calls.
func counted(name string) stepFunc {
	return func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		return fmt.Sprint(name, k.calls["s."+name]), k.nap(ctx, time.Second)
	}
}

func say(e ended) string {
	switch {
	case e.err != nil:
		return "error: " + e.err.Error()
	case e.panic != nil:
		return fmt.Sprint("panic: ", e.panic)
	case e.exited:
		return "exit"
	}
	return e.out
}

// A dialogue is a flow, and what it says at which minute.
func dialogue(t *testing.T, steps map[string]stepFunc, body string, lines string) {
	t.Helper()
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", body)
		start := k.Now()
		for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
			at, want, _ := strings.Cut(strings.TrimSpace(line), " ")
			d, err := time.ParseDuration(at)
			if err != nil {
				t.Fatal(err)
			}
			k.nap(background, start.Add(d).Sub(k.Now()))
			if got := say(k.begin(p, background, "x")()); got != want {
				t.Errorf("at %v: %s, want %s", d, got, want)
			}
		}
	})
}

func TestEntryExpiresWithTheFirstThatWasRead(t *testing.T) {
	steps := map[string]stepFunc{"A": counted("A"), "B": counted("B")}
	dialogue(t, steps, chained, `
		0s B1
		1m B1
		2m0s B1
		2m2s B2`) // B began a second after A
}

func TestNestedEntryKeepsItsOwnExpiry(t *testing.T) {
	body := strings.Replace(chained, "step A s.A (ctx arg) -> (a err) err=err {volatile 10m}",
		"stored inner {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 3m}\n}", 1)
	body = strings.Replace(body, "-> (b err) err=err {volatile 2m}", "-> (b err) err=err {volatile 2m}\nglue glue (a b) -> (b)", 1)
	steps := map[string]stepFunc{"A": counted("A"), "B": counted("B")}
	dialogue(t, steps, body, `
		0s A1B1
		2m2s A1B2
		2m50s A1B2
		3m1s A2B3`) // the outer entry read A's, which ran out first
}

func TestFillTellsTheFillAround(t *testing.T) {
	steps := map[string]stepFunc{"A": counted("A"), "B": counted("B")}
	dialogue(t, steps, `stored outer {
stored inner {
step A s.A (ctx arg) -> (a err) err=err {volatile 1m}
}
step B s.B (ctx a) -> (b err) err=err {volatile 10m}
glue glue (a b) -> (b)
}
result return (a b) -> (out.0 out.1) exit=return`, `
		0s A1 A1B1
		59s A1 A1B1
		1m A2 A2B2`)
}

func TestTheShortestLifeCounts(t *testing.T) {
	for _, effects := range []string{"volatile 10m; volatile 2m", "volatile 2m; volatile 10m", "reads posts within=2m; volatile 10m"} {
		steps := map[string]stepFunc{"A": counted("A")}
		dialogue(t, steps, `stored kept {
step A s.A (ctx arg) -> (a err) err=err {`+effects+`}
}
result return (a) -> (out.0 out.1) exit=return`, "0s A1\n1m59s A1\n2m A2")
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	n := 0
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		n = kitOf(ctx).calls["s.A"]
		if n%2 == 1 {
			return "", errDown
		}
		return fmt.Sprint("A", n), nil
	}}
	dialogue(t, steps, `stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
fail A.fail (err) -> (out.1) err=err exit=return
}
result return (a) -> (out.0 out.1) exit=return`, `
		0s error: down
		1s A2
		2s A2`)
}

func TestSwallowedFailuresBarKeeping(t *testing.T) {
	for name, fail := range map[string]func(ctx context.Context) error{
		"error":   func(context.Context) error { return errDown },
		"timeout": func(ctx context.Context) error { return context.DeadlineExceeded },
	} {
		t.Run(name, func(t *testing.T) {
			steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
				k := kitOf(ctx)
				return fmt.Sprint("A", k.calls["s.A"]), fail(ctx)
			}}
			dialogue(t, steps, `stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
result return (a) -> (out.0 out.1) exit=return`, "0s A1\n1s A2")
		})
	}
}

func TestErrorsThatGlueMadeAreNotKept(t *testing.T) {
	steps := map[string]stepFunc{"A": counted("A")}
	dialogue(t, steps, `stored kept {
step A s.A (ctx arg) -> (a) {volatile 10m}
glue refuse (a) -> (err)
fail A.fail (err) -> (out.1) err=err exit=return
}
result return (a) -> (out.0 out.1) exit=return`, `
		0s error: no A1
		2s error: no A2`)
}

func TestListedKindsAreKept(t *testing.T) {
	steps := map[string]stepFunc{"A": func(context.Context, string) (string, error) { return "", errAbsent }}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", `stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m errors=NotFound}
fail A.fail (err) -> (out.1) err=err exit=return
}
result return (a) -> (out.0 out.1) exit=return`)
		for range 3 {
			if got := k.begin(p, background, "x")(); got.err != errAbsent || k.calls["s.A"] != 1 {
				t.Errorf("%+v after %v calls", got, k.calls)
			}
		}
	})
}

func TestPanickingFillKeepsNothing(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		if kitOf(ctx).calls["s.A"] == 1 {
			panic("first")
		}
		return "A", nil
	}}
	dialogue(t, steps, `stored outer {
stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
}
result return (a) -> (out.0 out.1) exit=return`, "0s panic: first\n1s A\n2s A")
}

func TestFillUnderAnEndedContextKeepsNothing(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		k.nap(ctx, time.Minute) // makes the best of it
		return fmt.Sprint("A", k.calls["s.A"]), nil
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", `stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
result return (a) -> (out.0 out.1) exit=return`)
		ctx, cancel := context.WithCancel(background)
		wait := k.begin(p, ctx, "x")
		k.nap(background, time.Second)
		cancel()
		if got := wait(); got.out != "A1" {
			t.Errorf("%+v", got)
		}
		if got := k.begin(p, background, "x")(); got.out != "A2" {
			t.Errorf("%+v", got)
		}
	})
}

type userKey struct{}

func TestHiddenInputBarsKeeping(t *testing.T) {
	for name, c := range map[string]struct {
		body     string
		observer bool
		want     int
	}{
		"foreign":   {"", false, 3},
		"in a fork": {"start start.A A..A\n", false, 3},
		"observer":  {"", true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
				return fmt.Sprint("for ", ctx.Value(userKey{})), nil
			}}
			seeds(t, steps, func(k *kit) {
				if c.observer {
					k.engine.Observe(userKey{})
				}
				p := k.plan("Flow", "stored kept {\n"+c.body+`glue glue (arg) -> (b)
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
result return (a) -> (out.0 out.1) exit=return`)
				for i := range 3 {
					user := i
					if c.observer {
						user = 0
					}
					got := k.begin(p, context.WithValue(background, userKey{}, user), "x")()
					if got.out != fmt.Sprint("for ", user) {
						t.Errorf("%+v", got)
					}
				}
				reports := strings.Count(k.log.String(), "engine_test.userKey")
				if k.calls["s.A"] != c.want || (reports > 0) == c.observer || strings.Count(k.log.String(), "\n") > 1 {
					t.Errorf("%v calls; log:\n%s", k.calls, k.log.String())
				}
			})
		})
	}
}

func TestFlowCalledInAFillTellsWhatItSaw(t *testing.T) {
	inner := `step I s.I (ctx arg) -> (a err) err=err {volatile 3m}
result return (a) -> (out.0 out.1) exit=return`
	outer := `stored kept {
call Inner example.com/test.Inner (ctx arg) -> (b err) err=err {volatile 1h}
}
result return (b) -> (out.0 out.1) exit=return`
	for name, c := range map[string]struct {
		fails bool
		lines []int // calls of I so far, at 0, 1 and 3 minutes
	}{
		"expiry":            {false, []int{1, 1, 2}},
		"swallowed failure": {true, []int{1, 2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			steps := map[string]stepFunc{"I": func(ctx context.Context, _ string) (string, error) {
				if c.fails {
					return "I", errDown
				}
				return "I", nil
			}}
			seeds(t, steps, func(k *kit) {
				k.plan("Inner", inner)
				p := k.plan("Outer", outer)
				for i, at := range []time.Duration{0, time.Minute, 3 * time.Minute} {
					k.nap(background, at-k.since())
					if got := k.begin(p, background, "x")(); got.out != "I" || k.calls["s.I"] != c.lines[i] {
						t.Errorf("at %v: %+v after %v", at, got, k.calls)
					}
				}
			})
		})
	}
}

func TestFlowOnItsOwnBodyBarsKeeping(t *testing.T) {
	steps := map[string]stepFunc{"Inner": func(context.Context, string) (string, error) { return "I", nil }}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Outer", `stored kept {
call Inner s.Inner (ctx arg) -> (b err) err=err {volatile 1h}
}
result return (b) -> (out.0 out.1) exit=return`)
		k.begin(p, background, "x")()
		k.begin(p, background, "x")()
		if k.calls["s.Inner"] != 2 {
			t.Errorf("calls %v", k.calls)
		}
	})
}

func TestFailureThatAStepSawInAFlowBarsKeeping(t *testing.T) {
	var inner *engine.Plan
	steps := map[string]stepFunc{
		"I": func(context.Context, string) (string, error) { panic("inside") },
		"A": func(ctx context.Context, arg string) (out string, err error) {
			defer func() { out = fmt.Sprint(recover()) }()
			return kitOf(ctx).run(inner, ctx, arg)
		},
	}
	seeds(t, steps, func(k *kit) {
		inner = k.plan("Inner", "step I s.I (ctx arg) -> (a err) err=err {volatile 3m}\nresult return (a) -> (out.0 out.1) exit=return")
		p := k.plan("Flow", `stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
result return (a) -> (out.0 out.1) exit=return`)
		for i := range 3 {
			if got := k.begin(p, background, "x")(); got.out != "inside" || k.calls["s.A"] != i+1 {
				t.Errorf("%+v, calls %v", got, k.calls)
			}
		}
	})
}
