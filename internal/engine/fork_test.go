package engine_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"
)

const two = `start start.B B..B.fail
step A s.A (ctx arg) -> (a err) err=err {volatile 1m}
fail A.fail (err) -> (out.1) err=err exit=return
step B s.B (ctx arg) -> (b err) err=err {volatile 1m}
fail B.fail (err) -> (out.1) err=err exit=return
result return (a b) -> (out.0 out.1) exit=return`

var background = context.Background()

func TestForkRunsBesideTheWalk(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", 30*time.Millisecond), "B": takes("B", 40*time.Millisecond)}
	seeds(t, steps, func(k *kit) {
		got := k.begin(k.plan("Two", two), background, "1")()
		if got.out != "A1 B1" || got.err != nil || got.at > 70*time.Millisecond {
			t.Errorf("%+v", got)
		}
		if k.calls["s.A"] != 1 || k.calls["s.B"] != 1 {
			t.Errorf("calls %v", k.calls)
		}
	})
}

func TestNoEarlyStartsLeft(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", time.Second), "B": takes("B", time.Second)}
	seedsEarly(t, -1, steps, func(k *kit) {
		if got := k.begin(k.plan("Two", two), background, "1")(); got.out != "A1 B1" || got.at != 2*time.Second {
			t.Errorf("%+v", got)
		}
	})
}

func TestFirstFailureInSourceOrder(t *testing.T) {
	steps := map[string]stepFunc{
		"A": func(ctx context.Context, arg string) (string, error) {
			kitOf(ctx).nap(ctx, time.Second)
			return "", errAbsent
		},
		"B": func(context.Context, string) (string, error) { return "", errDown },
	}
	seeds(t, steps, func(k *kit) {
		if got := k.begin(k.plan("Two", two), background, "1")(); got.err != errAbsent {
			t.Errorf("%+v", got)
		}
	})
}

func TestDroppedForkIsCancelledAndLeavesNoTrace(t *testing.T) {
	for name, end := range map[string]func(){
		"returns": func() {},
		"panics":  func() { panic("late") },
		"goexit":  runtime.Goexit,
	} {
		t.Run(name, func(t *testing.T) {
			var cancelled bool
			steps := map[string]stepFunc{
				"A": func(ctx context.Context, arg string) (string, error) { return "", kitOf(ctx).fails(ctx) },
				"B": func(ctx context.Context, arg string) (string, error) {
					k := kitOf(ctx)
					cancelled = k.nap(ctx, time.Hour) != nil
					k.nap(background, time.Minute) // a step that is slow to end
					end()
					return "", errDown
				},
			}
			seeds(t, steps, func(k *kit) {
				cancelled = true
				got := k.begin(k.plan("Two", two), background, "1")()
				if got.err != errAbsent || got.at != time.Second {
					t.Errorf("%+v", got)
				}
				k.nap(background, 2*time.Hour)
				if !cancelled || k.log.Len() > 0 {
					t.Errorf("cancelled is %v; log %s", cancelled, k.log.String())
				}
			})
		})
	}
}

// fails takes a second and fails.
func (k *kit) fails(ctx context.Context) error {
	k.nap(ctx, time.Second)
	return errAbsent
}

func TestPanicOfForkIsRaisedWhereTheSourceHasIt(t *testing.T) {
	abort := &struct{ s string }{"abort"} // like http.ErrAbortHandler: told by identity
	steps := map[string]stepFunc{
		"A": takes("A", time.Second),
		"B": func(context.Context, string) (string, error) { panic(abort) },
	}
	seeds(t, steps, func(k *kit) {
		got := k.begin(k.plan("Two", two), background, "1")()
		if got.panic != any(abort) || got.at < time.Second {
			t.Errorf("%+v", got)
		}
		if s := k.log.String(); s != "" && !strings.Contains(s, "fork_test.go") {
			t.Errorf("the original stack is not in the log: %s", s)
		}
	})
}

func TestGoexitOfForkIsRepeated(t *testing.T) {
	steps := map[string]stepFunc{
		"A": takes("A", time.Second),
		"B": func(context.Context, string) (string, error) { runtime.Goexit(); return "", nil },
	}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Two", "defer defer.x s.Close () -> ()\n"+two)
		if got := k.begin(p, background, "1")(); !got.exited || got.at < time.Second {
			t.Errorf("%+v", got)
		}
		if k.calls["deferred defer.x"] != 1 {
			t.Errorf("calls %v", k.calls)
		}
	})
}

func TestCancellationReachesForks(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", time.Hour), "B": takes("B", time.Hour)}
	seeds(t, steps, func(k *kit) {
		ctx, cancel := context.WithCancel(background)
		wait := k.begin(k.plan("Two", two), ctx, "1")
		k.nap(background, time.Minute)
		cancel()
		if got := wait(); got.err != context.Canceled || got.at != time.Minute {
			t.Errorf("%+v", got)
		}
	})
}

const list = `each each (arg) -> (x) {
start start.A each/A..each/A.fail ahead=2
step each/A s.A (ctx x) -> (y err) err=err {volatile 1m}
fail each/A.fail (err) -> (out.1) err=err exit=return
glue each/add (b y) -> (b)
glue each/stop (x) -> () exit=break
}
result return (b) -> (out.0 out.1) exit=return`

func TestIterationsAhead(t *testing.T) {
	var now, most int
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		now++
		most = max(most, now)
		defer func() { now-- }()
		return arg, k.nap(ctx, time.Second)
	}}
	seeds(t, steps, func(k *kit) {
		now, most = 0, 0
		got := k.begin(k.plan("List", list), background, "1 2 3 4 5 6 7 8 9")()
		if got.out != "123456789" || most > 3 {
			t.Errorf("%+v, %d at once", got, most)
		}
		if got.at > 6*time.Second {
			t.Errorf("took %v", got.at)
		}
	})
}

func TestIterationsAheadOfABreakAreDropped(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		if arg == "9" {
			panic("never reached")
		}
		return arg, kitOf(ctx).nap(ctx, time.Second)
	}}
	seeds(t, steps, func(k *kit) {
		got := k.begin(k.plan("List", list), background, "1 2 stop 9 9")()
		if got.out != "12stop" || got.panic != nil || got.exited {
			t.Errorf("%+v", got)
		}
	})
}

func TestFlowThatSharesMemoryWithADroppedForkWaitsForIt(t *testing.T) {
	body := strings.ReplaceAll(two, "step B s.B (ctx arg)", "step B s.B (ctx arg xs)")
	steps := map[string]stepFunc{
		"A": func(ctx context.Context, arg string) (string, error) { return "", kitOf(ctx).fails(ctx) },
		"B": func(ctx context.Context, arg string) (string, error) {
			k := kitOf(ctx)
			k.nap(ctx, time.Hour)
			k.nap(background, time.Minute) // still reading xs
			return "", errDown
		},
	}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Two", "glue glue (arg) -> (xs)\n"+body)
		got := k.begin(p, background, "1")()
		if waited := time.Second + time.Minute; got.err != errAbsent || got.at != time.Second && got.at != waited {
			t.Errorf("%+v", got)
		}
		if got.at == time.Second && k.calls["s.B"] > 0 {
			t.Error("the flow gave its memory back while a step read it")
		}
	})
}

func TestPanicOfTheWalkDropsForks(t *testing.T) {
	var over time.Duration
	steps := map[string]stepFunc{
		"A": func(ctx context.Context, arg string) (string, error) { panic(kitOf(ctx).fails(ctx)) },
		"B": func(ctx context.Context, arg string) (string, error) {
			k := kitOf(ctx)
			err := k.nap(ctx, time.Hour)
			over = k.since()
			return "", err
		},
	}
	seeds(t, steps, func(k *kit) {
		over = time.Second
		if got := k.begin(k.plan("Two", two), background, "1")(); got.panic != errAbsent {
			t.Errorf("%+v", got)
		}
		k.nap(background, 2*time.Hour)
		if over != time.Second {
			t.Errorf("the fork went on until %v", over)
		}
	})
}

func TestForkIsDroppedWhereItsBlockIsLeft(t *testing.T) {
	var over time.Duration
	steps := map[string]stepFunc{
		"A": func(ctx context.Context, arg string) (string, error) { return arg, kitOf(ctx).nap(ctx, time.Second) },
		"B": func(ctx context.Context, arg string) (string, error) {
			k := kitOf(ctx)
			err := k.nap(ctx, time.Hour)
			over = max(over, k.since())
			return "", err
		},
		"C": takes("C", time.Minute),
	}
	seeds(t, steps, func(k *kit) {
		over = 0
		p := k.plan("Loop", `each each (arg) -> (x) {
start start.B each/B..each/B
step each/A s.A (ctx x) -> (y err) err=err {volatile 1m}
glue each/stop (x) -> () exit=break
step each/B s.B (ctx x) -> (b err) err=err {volatile 1m}
step each/D s.C (ctx x) -> (b err) err=err {volatile 1m}
}
step C s.C (ctx arg) -> (c err) err=err {volatile 1m}
result return (c) -> (out.0 out.1) exit=return`)
		k.begin(p, background, "stop")()
		if over > time.Second || k.calls["s.C"] != 1 {
			t.Errorf("the fork went on until %v; calls %v", over, k.calls)
		}
	})
}

func TestDroppedForkMakesNoFurtherCall(t *testing.T) {
	steps := map[string]stepFunc{
		"A": func(ctx context.Context, arg string) (string, error) { return "", kitOf(ctx).fails(ctx) },
		"B": func(ctx context.Context, arg string) (string, error) {
			kitOf(ctx).nap(ctx, time.Hour)
			return "B", nil
		},
		"C": takes("C", time.Second),
	}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Two", `start start.B B..C
step A s.A (ctx arg) -> (a err) err=err {volatile 1m}
fail A.fail (err) -> (out.1) err=err exit=return
step B s.B (ctx arg) -> (b err) err=err {volatile 1m}
step C s.C (ctx b) -> (c err) err=err {volatile 1m}
result return (a c) -> (out.0 out.1) exit=return`)
		k.begin(p, background, "1")()
		k.nap(background, 2*time.Hour)
		if k.calls["s.C"] > 0 {
			t.Errorf("calls %v", k.calls)
		}
	})
}

func TestForkOfADroppedForkMakesNoCall(t *testing.T) {
	ended, late := false, 0
	steps := map[string]stepFunc{
		"A": func(context.Context, string) (string, error) { return "", errDown },
		"B": takes("B", time.Hour),
		"C": func(context.Context, string) (string, error) {
			if ended {
				late++
			}
			return "C", nil
		},
	}
	seeds(t, steps, func(k *kit) {
		ended = false
		p := k.plan("Two", `start start.B start.C..C
step A s.A (ctx arg) -> (a err) err=err {volatile 1m}
fail A.fail (err) -> (out.1) err=err exit=return
start start.C C..C
step B s.B (ctx arg) -> (b err) err=err {volatile 1m}
step C s.C (ctx arg) -> (c err) err=err {volatile 1m}
result return (a c) -> (out.0 out.1) exit=return`)
		k.begin(p, background, "1")()
		ended = true
		k.nap(background, 2*time.Hour)
	})
	if late > 0 {
		t.Errorf("%d calls began after the answer", late)
	}
}

func TestEarlyStartsAreGivenBack(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", time.Second), "B": takes("B", time.Second)}
	together := 0
	seedsEarly(t, 1, steps, func(k *kit) {
		p := k.plan("Two", two)
		for range 20 {
			start := k.since()
			if got := k.begin(p, background, "1")(); got.at-start == time.Second {
				together++
			}
		}
	})
	if together < 25*20/4 {
		t.Errorf("only %d of 500 runs had a fork", together)
	}
}

func TestDroppedForkCancelsItsOwnForks(t *testing.T) {
	var over time.Duration
	hang := func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		err := k.nap(ctx, time.Hour)
		over = max(over, k.since())
		return "", err
	}
	steps := map[string]stepFunc{
		"A": func(ctx context.Context, arg string) (string, error) { return "", kitOf(ctx).fails(ctx) },
		"B": func(ctx context.Context, arg string) (string, error) {
			return "", kitOf(ctx).nap(background, time.Minute) // slow to notice
		},
		"C": hang,
	}
	seeds(t, steps, func(k *kit) {
		over = 0
		p := k.plan("Nested", `start start.R start.C..C
step A s.A (ctx arg) -> (a err) err=err {volatile 1m}
fail A.fail (err) -> (out.1) err=err exit=return
start start.C C..C
step B s.B (ctx arg) -> (b err) err=err {volatile 1m}
step C s.C (ctx arg) -> (c err) err=err {volatile 1m}
result return (a) -> (out.0 out.1) exit=return`)
		k.begin(p, background, "1")()
		k.nap(background, 2*time.Hour)
		if over > time.Second {
			t.Errorf("a fork went on until %v", over)
		}
	})
}
