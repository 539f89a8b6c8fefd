package engine_test

// Requests run under a plan and as written: what may differ, and what is found.

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/simworld"
)

// verified compiles a flow without handles to be verified.
func (k *kit) verified(j *engine.Journal, name, body string) *engine.Plan {
	k.t.Helper()
	src, planned := k.source(name, body)
	p, err := k.engine.Verified(j, src, planned, func(n graph.FlowName) bool { return k.plans[string(n)] != nil })
	if err != nil {
		k.t.Fatal(err)
	}
	k.plans["example.com/test."+name] = p
	return p
}

// A forgetful world has a steady clock that stands still: what is kept never expires in it.
type forgetful struct{ *simworld.World }

func (forgetful) Elapsed() time.Duration   { return 0 }
func (forgetful) At(time.Duration, func()) {} // that time never comes

// counts returns a step whose every call has another result.
func counts(name string) stepFunc {
	n := 0
	return func(ctx context.Context, arg string) (string, error) {
		n++
		got := n
		err := kitOf(ctx).nap(ctx, time.Second)
		return fmt.Sprint(name, got), err
	}
}

const tell = "\nresult return (a) -> (out.0 out.1) exit=return"

// An engine that keeps to what is declared shows no difference, whatever the plan.
func TestVerifyFindsNothing(t *testing.T) {
	for name, body := range map[string]string{
		"as written":  "step A s.A (ctx arg) -> (a err) err=err {volatile 1m}" + tell,
		"stored":      "stored kept {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 1m}\n}" + tell,
		"shared":      "shared joined {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 1m}\n}" + tell,
		"both":        "stored kept {\nshared joined {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 1m}\n}\n}" + tell,
		"begun early": "start b0 B..B\nstep A s.A (ctx arg) -> (a err) err=err {volatile 1m}\nstep B s.B (ctx arg) -> (b err) err=err {volatile 5s}\nresult return (a b) -> (out.0 out.1) exit=return",
		"new values":  "fresh A s.A (ctx arg) -> (a)" + tell,
		"acts":        "step A s.A (ctx arg) -> (a err) err=err {effect}\nstep B s.B (ctx arg) -> (b err) err=err {effect}\nresult return (a b) -> (out.0 out.1) exit=return",
		"never again": "step A s.A (ctx arg) -> (a err) err=err {volatile 0}" + tell,
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(10) {
				oneSeed(t, seed, map[string]stepFunc{"A": counts("A"), "B": counts("B")}, func(k *kit) {
					j := k.engine.NewJournal()
					p := k.verified(j, "F", body)
					var waits []func() ended
					for i := range 30 {
						waits = append(waits, k.begin(p, background, fmt.Sprint("x", i%3)))
						k.nap(background, time.Duration(k.Random()%uint64(20*time.Second)))
					}
					for _, wait := range waits {
						wait()
					}
					if r := j.Report(); r.Requests != 30 || r.Alike != 30 || r.Asked > 0 {
						t.Errorf("%+v", r)
					}
				})
			}
		})
	}
}

// A pure step that is none, and an engine that keeps results for too long, are found.
// What differs from itself, run twice as written, is noise, and no fault of the plan.
func TestVerifyTellsNoise(t *testing.T) {
	oneSeed(t, 1, map[string]stepFunc{"A": counts("A")}, func(k *kit) {
		j := k.engine.NewJournal()
		p := k.verified(j, "F", "stored kept {\nstep A s.A (ctx arg) -> (a err) err=err {local}\n}"+tell)
		k.run(p, background, "x")
		if r := j.Report(); r.Requests != 1 || r.Noisy != 1 || r.Different > 0 {
			t.Errorf("%+v", r)
		}
	})
}

func TestVerifyFinds(t *testing.T) {
	for _, c := range []struct {
		name, class string
		broken      bool
		says        string
	}{
		{"a pure step that is not", "pure", false, ""},
		{"an engine that forgets to forget", "volatile 1m", true, "A (x.go:1) called now"},
		{"one that is right", "volatile 1m", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			oneSeed(t, 1, map[string]stepFunc{"A": counts("A")}, func(k *kit) {
				if c.broken {
					k.engine = engine.New(engine.Options{World: forgetful{k.World}})
				}
				j := k.engine.NewJournal()
				p := k.verified(j, "F", "stored kept {\nstep A s.A (ctx arg) -> (a err) err=err {"+c.class+"} @x.go:1\n}"+tell)
				k.run(p, background, "x")
				k.nap(background, 5*time.Minute)
				k.run(p, background, "x")
				r := j.Report()
				if c.name == "one that is right" {
					if r.Alike != 2 {
						t.Errorf("%+v", r)
					}
					return
				}
				if r.Different == 0 || !strings.Contains(r.Differences[len(r.Differences)-1].Planned, "A1") || !strings.Contains(r.Differences[len(r.Differences)-1].Steps, c.says) {
					t.Errorf("%+v", r)
				}
			})
		})
	}
}

// What was read before a request came may answer it if it was written only after that, however late that is looked at: and not
// if it was written before.
func TestVerifyKnowsWhenDataWasWritten(t *testing.T) {
	const body = "stored kept {\nstep A s.A (ctx arg) -> (a err) err=err {reads posts:{arg}}\n}\nstep B s.B (ctx arg) -> (b err) err=err {volatile 0}\nresult return (a b) -> (out.0 out.1) exit=return"
	for _, c := range []struct {
		name   string
		missed bool          // by the store
		at     time.Duration // the write, after the second request came
		alike  int
	}{
		{"while the request went on", false, 500 * time.Millisecond, 3},
		{"before it came", false, -time.Second, 3},
		{"before it came, and the store missed it", true, -time.Second, 1},
		{"while it went on, and the store missed it", true, 500 * time.Millisecond, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			seeds(t, map[string]stepFunc{"A": counts("A"), "B": counts("B")}, func(k *kit) {
				j := k.engine.NewJournal()
				planned, err := graph.Parse("flow example.com/test.F\n" + strings.Replace(strings.Replace(head, "param w handle *strings.Builder\n", "", 1), "var err", "var d data string key copy\nvar err", 1) + body + "\n}\n")
				if err != nil {
					t.Fatal(err)
				}
				code := k.program(graph.Erase(planned))
				asked, data := 0, code.Nodes[0].Data
				code.Nodes[0].Data = func(f *engine.Frame, keys []engine.DataKey) []engine.DataKey {
					if asked++; c.missed && asked%2 == 1 { // the store asks first, then the journal
						return nil
					}
					return data(f, keys)
				}
				src, err := engine.NewSource(code)
				if err != nil {
					t.Fatal(err)
				}
				p, err := k.engine.Verified(j, src, planned, func(graph.FlowName) bool { return false })
				if err != nil {
					t.Fatal(err)
				}
				k.begin(p, background, "x")()
				k.nap(background, time.Minute)
				if c.at < 0 {
					k.write("posts", "x", func() {})
					k.nap(background, -c.at)
				}
				second := k.begin(p, background, "x")
				if c.at > 0 {
					k.nap(background, c.at)
					k.write("posts", "x", func() {})
				}
				second()
				k.nap(background, time.Minute)
				k.begin(p, background, "x")()
				if r := j.Report(); r.Requests != 3 || r.Alike != c.alike || r.Alike+r.Different != 3 {
					t.Errorf("%+v", r)
				}
			})
		})
	}
}

// What a flow does to the world is done once, and failures are those of the request.
func TestVerifyRepeatsNothing(t *testing.T) {
	did := 0
	steps := map[string]stepFunc{
		"A": func(context.Context, string) (string, error) { did++; return "", errDown },
		"B": counts("B"),
	}
	oneSeed(t, 1, steps, func(k *kit) {
		j := k.engine.NewJournal()
		p := k.verified(j, "F", "step A s.A (ctx arg) -> (a err) err=err {effect}\nfail A.fail (a err) -> (out.0 out.1) err=err exit=return\nresult return (a) -> (out.0 out.1) exit=return")
		for range 3 {
			if _, err := k.run(p, background, "x"); !errors.Is(err, errDown) {
				t.Errorf("%v", err)
			}
		}
		if r := j.Report(); did != 3 || r.Alike != 3 {
			t.Errorf("done %d times; %+v", did, r)
		}
	})
}

// Neither is what has arguments that nobody can tell from others.
func TestVerifyRepeatsNothingWithoutAKey(t *testing.T) {
	did := 0
	steps := map[string]stepFunc{"A": func(context.Context, string) (string, error) { did++; return "", nil }}
	oneSeed(t, 1, steps, func(k *kit) {
		j := k.engine.NewJournal()
		planned, err := graph.Parse("flow example.com/test.F\n" + strings.Replace(head, "param w handle *strings.Builder\n", "", 1) +
			"step A s.A (ctx arg) -> (a err) err=err {effect}\nresult return (a) -> (out.0 out.1) exit=return\n}\n")
		if err != nil {
			t.Fatal(err)
		}
		code := k.program(planned)
		for i, v := range planned.Vars {
			if v.ID == "arg" {
				code.Vars[i].Key = func(b []byte, _ any) ([]byte, bool) { return b, false } // of a type that has one, and a value without
			}
		}
		src, err := engine.NewSource(code)
		if err != nil {
			t.Fatal(err)
		}
		p, err := k.engine.Verified(j, src, planned, func(graph.FlowName) bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		k.run(p, background, "x")
		if r := j.Report(); did != 1 || r.Undecided != 1 || r.Different > 0 {
			t.Errorf("done %d times; %+v", did, r)
		}
	})
}
