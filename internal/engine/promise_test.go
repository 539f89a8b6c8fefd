package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// sampled calls a flow so often that some runs are looked at.
func (k *kit) sampled(body string) {
	p := k.plan("Flow", body)
	for range 1500 { // one in 128 is looked at
		k.run(p, background, "x")
	}
}

func TestBrokenPromisesAreReportedOnce(t *testing.T) {
	for name, c := range map[string]struct {
		step  stepFunc
		body  string
		edit  func(h *holder) // by A
		wants []string        // in the one line of the log; none if nothing is to be reported
	}{
		"pure and constant": {
			func(context.Context, string) (string, error) { return "1", nil },
			"step A s.A (ctx arg) -> (a)\nresult return (a) -> (out.0 out.1) exit=return", nil, nil,
		},
		"pure with two answers": {
			func(ctx context.Context, _ string) (string, error) { return fmt.Sprint(kitOf(ctx).calls["s.A"]), nil },
			"step A s.A (ctx arg) -> (a) @test.go:7\nresult return (a) -> (out.0 out.1) exit=return", nil,
			[]string{"two answers", "s.A", "test.go:7", "first=", "then=", "fix="},
		},
		"written behind sole": {
			func(ctx context.Context, _ string) (string, error) { return fmt.Sprint(kitOf(ctx).calls["s.A"]), nil },
			keptRead, nil, []string{"no write was reported", "served=", "computed=", "//fluxo:sole"},
		},
		"a kept block that sets again what it reads": {
			func(_ context.Context, arg string) (string, error) { return arg + "+", nil },
			"glue glue (arg) -> (a)\nstored kept {\nstep A s.A (ctx a) -> (a)\n}\nresult return (a) -> (out.0 out.1) exit=return", nil, nil,
		},
		"argument changed": {
			func(context.Context, string) (string, error) { return "1", nil },
			"glue glue () -> (xs)\nstep A s.A (ctx arg xs) -> (a) @test.go:7\nresult return (a) -> (out.0 out.1) exit=return",
			func(h *holder) { h.set("xs", "sorted") },
			[]string{"changes its arguments", "test.go:7", "before=", "sorted"},
		},
		"result kept and changed": {
			func(context.Context, string) (string, error) { return "1", nil },
			"step A s.A (ctx arg) -> (xs) @test.go:7\nstep B s.B (ctx arg) -> (b)\nresult return (b) -> (out.0 out.1) exit=return",
			nil,
			[]string{"changed after its step", "test.go:7", "returned=", "by its owner"},
		},
		"pure with two answers, in a flight": {
			func(ctx context.Context, _ string) (string, error) { return fmt.Sprint(kitOf(ctx).calls["s.A"]), nil },
			"shared common {\nstep A s.A (ctx arg) -> (a) @test.go:7\n}\nresult return (a) -> (out.0 out.1) exit=return", nil,
			[]string{"two answers", "s.A", "test.go:7"},
		},
		"argument changed in a flight": {
			func(context.Context, string) (string, error) { return "1", nil },
			"glue glue () -> (xs)\nshared common {\nstep A s.A (ctx arg xs) -> (a) @test.go:7\n}\nresult return (a) -> (out.0 out.1) exit=return",
			func(h *holder) { h.set("xs", "sorted") },
			[]string{"changes its arguments", "test.go:7", "before=", "sorted"},
		},
		"result changed in a flight": {
			func(context.Context, string) (string, error) { return "1", nil },
			"shared common {\nstep A s.A (ctx arg) -> (xs) @test.go:7\nstep B s.B (ctx arg) -> (b)\n}\nresult return (b) -> (out.0 out.1) exit=return",
			nil, []string{"changed after its step", "test.go:7", "by its owner"},
		},
		"result of a flight changed": {
			func(context.Context, string) (string, error) { return "1", nil },
			"shared common {\nstep A s.A (ctx arg) -> (xs) @test.go:7\n}\nstep B s.B (ctx arg) -> (b)\nresult return (b xs) -> (out.0 out.1) exit=return",
			nil, []string{"changed after its step", "test.go:7", "by its owner"},
		},
		"result that stays in a flight": {
			func(context.Context, string) (string, error) { return "1", nil },
			"shared common {\nstep A s.A (ctx arg) -> (xs) @test.go:7\nglue glue (xs) -> (a)\n}\nresult return (a) -> (out.0 out.1) exit=return",
			nil, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			steps := map[string]stepFunc{"A": c.step, "B": func(context.Context, string) (string, error) { return "", nil }}
			seeds(t, steps, func(k *kit) {
				k.edits = map[string]func(h *holder){"A": c.edit, "B": func(h *holder) { h.set("xs", "changed by its owner") }}
				k.sampled(c.body)
				k.nap(background, 1) // audits end
				log := k.log.String()
				if n := strings.Count(log, "\n"); n != min(1, len(c.wants)) {
					t.Errorf("%d reports:\n%s", n, log)
				}
				for _, want := range c.wants {
					if !strings.Contains(log, want) {
						t.Errorf("no %q in %s", want, log)
					}
				}
				told := k.engine.Reports()
				if len(told) != min(1, len(c.wants)) || len(told) > 0 && (told[0].Flow != "example.com/test.Flow" || !strings.Contains(log, told[0].What) || told[0].Fix == "") {
					t.Errorf("to who asks: %+v", told)
				}
			})
		})
	}
}

// However many hits a block has, audits call its steps a tenth more often at most.
func TestAuditsAreBoundedByFills(t *testing.T) {
	steps := map[string]stepFunc{"A": func(context.Context, string) (string, error) { return "1", nil }}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", keptRead)
		const fills = 25
		for i := range fills {
			for range 1500 {
				k.run(p, background, fmt.Sprint(i))
			}
		}
		k.nap(background, 1) // audits end
		if n := k.calls["s.A"]; n <= fills || n > fills+3 {
			t.Errorf("%d calls for %d fills; want one to three more", n, fills)
		}
	})
}

func TestAuditsKnowOfWrites(t *testing.T) {
	version := 0
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		k.nap(ctx, time.Millisecond)
		return fmt.Sprint(version), nil
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", keptRead)
		wait := k.task(func() {
			for range 300 {
				k.nap(background, time.Duration(k.Random()%20)*time.Millisecond)
				k.write("posts", "x", func() { version++ })
			}
		})
		for range 3000 {
			k.run(p, background, "x")
			k.nap(background, time.Duration(k.Random()%2)*time.Millisecond)
		}
		wait()
		k.nap(background, time.Second)
		if k.log.Len() > 0 {
			t.Errorf("log: %s", k.log.String())
		}
	})
}

// A step that kept hold of its argument changes it once it has returned: what is
// kept stays under the content that the argument had.
func TestArgumentChangedLaterKeepsItsKey(t *testing.T) {
	const body = `glue glue (arg) -> (xs)
stored kept {
step A s.A (ctx arg xs) -> (a) {volatile 1h}
}
result return (a) -> (out.0 out.1) exit=return`
	steps := map[string]stepFunc{"A": func(_ context.Context, arg string) (string, error) { return "of " + arg, nil }}
	seeds(t, steps, func(k *kit) {
		k.edits = map[string]func(h *holder){"A": func(h *holder) { h.set("xs", "y") }}
		p := k.plan("Flow", body)
		for _, arg := range []string{"x", "x", "y", "x", "y"} {
			if out, err := k.run(p, background, arg); out != "of "+arg || err != nil {
				t.Errorf("%s: %q, %v", arg, out, err)
			}
		}
		if n := k.calls["s.A"]; n != 2 {
			t.Errorf("%d calls, want one for x and one for y", n)
		}
	})
}
