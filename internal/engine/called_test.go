package engine_test

// Stored results of flows that are called: what nobody noted is not kept.

import (
	"context"
	"fmt"
	"testing"
	"time"
)

const storedCall = `stored kept {
call Inner example.com/test.Inner (ctx arg) -> (a err) err=err {volatile 1m}
}
result return (a) -> (out.0 out.1) exit=return`

func TestSwapDuringAFillKeepsNothing(t *testing.T) {
	for _, when := range []string{"before", "during", "around"} {
		steps := map[string]stepFunc{"A": takes("A", time.Second)}
		seeds(t, steps, func(k *kit) {
			k.plan("Inner", "step A s.A (ctx arg) -> (a err) err=err {volatile 1m}\nresult return (a) -> (out.0 out.1) exit=return")
			p := k.plan("Outer", storedCall)
			switch when {
			case "before":
				k.engine.Swap(func() {})
				k.run(p, background, "x")
			case "during":
				wait := k.begin(p, background, "x")
				k.nap(background, time.Millisecond)
				k.engine.Swap(func() {})
				wait()
			case "around":
				k.engine.Swap(func() { k.run(p, background, "x") })
			}
			k.run(p, background, "x")
			want := 2
			if when == "before" {
				want = 1
			}
			if n := k.calls["s.A"]; n != want {
				t.Errorf("a swap %s the fill: %d calls, want %d", when, n, want)
			}
		})
	}
}

// A flow that began before a swap keeps nothing after it: who it calls may be one that runs as written now.
func TestFlowOfBeforeASwapKeepsNothing(t *testing.T) {
	body := "step A s.A (ctx arg) -> (a err) err=err\nstored kept {\nstep B s.B (ctx arg) -> (b err) err=err {volatile 1m}\n}\nresult return (b err) -> (out.0 out.1) exit=return"
	seeds(t, map[string]stepFunc{"A": takes("A", time.Second), "B": takes("B", time.Second)}, func(k *kit) {
		p := k.plan("Flow", body)
		wait := k.begin(p, background, "x")
		k.nap(background, time.Millisecond)
		k.engine.Swap(func() {})
		wait()
		for range 2 {
			k.run(p, background, "x")
		}
		if n := k.calls["s.B"]; n != 2 {
			t.Errorf("%d calls, want one of before and one of after the swap", n)
		}
	})
}

func TestNewValueInACalledFlowIsNotKept(t *testing.T) {
	made := 0
	steps := map[string]stepFunc{"New": func(context.Context, string) (string, error) {
		made++
		return fmt.Sprint(made), nil
	}}
	oneSeed(t, 1, steps, func(k *kit) {
		k.plan("Inner", "fresh New s.New (ctx arg) -> (a)\nresult return (a) -> (out.0 out.1) exit=return")
		p := k.plan("Outer", storedCall)
		for i := 1; i <= 3; i++ {
			if out, _ := k.run(p, background, "x"); out != fmt.Sprint(i) {
				t.Errorf("run %d returned the value of run %s", i, out)
			}
		}
	})
}
