package engine_test

// Runs that take one of several plans.

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

const (
	innerBody = "step A s.A (ctx arg) -> (a err) err=err {volatile 1m}\nresult return (a) -> (out.0 out.1) exit=return"
	outerBody = "call First example.com/test.Inner (ctx arg) -> (a err) err=err {volatile 1m}\n" +
		"call Second example.com/test.Inner (ctx arg) -> (b err) err=err {volatile 1m}\nresult return (a b) -> (out.0 out.1) exit=return"
)

// armsOf makes two arms of a flow; under the second its first node is stored.
func (k *kit) armsOf(arms *engine.Arms, name, body string) *engine.Plan {
	plain := k.plan(name, body)
	first, rest := body, ""
	for i, c := range body {
		if c == '\n' {
			first, rest = body[:i], body[i:]
			break
		}
	}
	between := k.engine.Between(arms, []*engine.Plan{plain, k.plan(name, "stored kept {\n"+first+"\n}"+rest)})
	k.plans["example.com/test."+name] = between
	return between
}

// A request takes one arm in all the flows that it calls, and is counted once.
func TestRequestTakesOneArm(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", time.Second)}
	seeds(t, steps, func(k *kit) {
		arm := 0
		var outcomes []engine.Outcome
		arms := &engine.Arms{
			Draw: func(uint64) int { arm = 1 - arm; return arm },
			Done: func(o engine.Outcome) { outcomes = append(outcomes, o) },
		}
		k.armsOf(arms, "Inner", innerBody)
		outer := k.armsOf(arms, "Outer", outerBody)
		for i := range 4 {
			if out, err := k.run(outer, background, "x"); err != nil || out != "Ax Ax" {
				t.Fatalf("%q, %v", out, err)
			}
			o := outcomes[len(outcomes)-1]
			want := [...]engine.Outcome{
				{Arm: 1, Took: time.Second}, {Arm: 0, Took: 2 * time.Second},
				{Arm: 1}, {Arm: 0, Took: 2 * time.Second},
			}[i]
			want.Flow = "example.com/test.Outer"
			if o != want || len(outcomes) != i+1 {
				t.Errorf("request %d: %d outcomes, the last %+v, want %+v", i+1, len(outcomes), o, want)
			}
		}
		if n := k.calls["s.A"]; n != 5 {
			t.Errorf("the step was called %d times, want 1 under the plan that keeps it, and 4 under the other", n)
		}
	})
}

// Whatever happens to a run under an arm happens to its caller.
func TestArmsPassOnHowTheyEnd(t *testing.T) {
	steps := map[string]stepFunc{"A": func(_ context.Context, arg string) (string, error) {
		if arg == "panic" {
			panic("no")
		}
		return "partial", errDown
	}}
	seeds(t, steps, func(k *kit) {
		var last engine.Outcome
		p := k.armsOf(&engine.Arms{Draw: func(r uint64) int { return int(r % 2) }, Done: func(o engine.Outcome) { last = o }}, "Inner",
			"step A s.A (ctx arg) -> (a err) err=err {volatile 1m}\nfail A.fail (a err) -> (out.0 out.1) err=err exit=return\nresult return (a) -> (out.0 out.1) exit=return")
		for range 4 {
			if _, err := k.run(p, background, "x"); !errors.Is(err, errDown) || !errors.Is(last.Err, errDown) || last.Raised {
				t.Errorf("%v, outcome %+v", err, last)
			}
			if e := k.begin(p, background, "panic")(); e.panic != "no" || !last.Raised {
				t.Errorf("%+v, outcome %+v", e, last)
			}
		}
	})
}

// Of sampled runs some take another plan; the others pass by.
func TestSampledArms(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", time.Second)}
	oneSeed(t, 1, steps, func(k *kit) {
		kept := k.plan("Inner", "stored kept {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 9h}\n}\nresult return (a) -> (out.0 out.1) exit=return")
		bare := k.plan("Inner", "step A s.A (ctx arg) -> (a err) err=err {volatile 9h}\nresult return (a) -> (out.0 out.1) exit=return")
		n := 0
		kept.Sample(&engine.Arms{Sampled: true, Draw: func(uint64) int { return 0 }, Done: func(engine.Outcome) { n++ }}, []*engine.Plan{bare})
		for range 1280 {
			if out, err := k.run(kept, background, "x"); err != nil || out != "Ax" {
				t.Fatalf("%q, %v", out, err)
			}
		}
		if calls := k.calls["s.A"]; n != 10 || calls != n+1 {
			t.Errorf("%d runs were sampled, and the step called %d times", n, calls)
		}
	})
}

// Who encodes the answer to a run gets that of this run, though one of its steps calls the flow again under the same context, and
// some runs are those of a plan that keeps no answers.
func TestWhoFollowsGetsTheOuterAnswer(t *testing.T) {
	step := "step A s.A (ctx arg) -> (a err) err=err {volatile 1m}\n"
	tail := "result return (a err) -> (out.0 out.1) exit=return"
	var p *engine.Plan
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		if strings.HasSuffix(arg, "'") {
			return "inner", nil
		}
		out, err := kitOf(ctx).run(p, ctx, arg+"'")
		if !strings.HasPrefix(out, "inner") {
			t.Errorf("the call inside returns %q", out)
		}
		return arg + " " + out, err
	}}
	for _, name := range []string{"sampled", "tried"} {
		seeds(t, steps, func(k *kit) {
			p = k.plan("Flow", "stored kept answer {\n"+step+tail+"\n}")
			if name == "sampled" {
				p.Sample(&engine.Arms{Sampled: true, Draw: func(uint64) int { return 0 }, Done: func(engine.Outcome) {}}, []*engine.Plan{k.plan("Flow", step+tail)})
			} else {
				p = k.engine.Between(&engine.Arms{Draw: func(r uint64) int { return int(r % 8 / 7) }, Done: func(engine.Outcome) {}}, []*engine.Plan{p, k.plan("Flow", step+tail)})
			}
			var slot engine.Slot
			slot.Set(p)
			found := 0
			for i := range 1500 {
				arg := fmt.Sprint("x", i%2)
				ctx, f := slot.Follow(background)
				out, err := k.run(p, ctx, arg)
				answer := f.Kept()
				if answer == nil {
					answer = out
					f.Keep(func() (any, int) { return out, 8 })
				} else {
					found++
				}
				f.End()
				if !strings.HasPrefix(answer.(string), arg+" inner") || err != nil {
					t.Fatalf("request %d for %s was answered by %v, %v", i, arg, answer, err)
				}
				k.nap(background, 10*time.Millisecond)
			}
			if found < 1000 {
				t.Errorf("%s: %d of 1500 requests found an answer", name, found)
			}
		})
	}
}
