package engine_test

import (
	"context"
	"testing"
	"time"
)

func TestIterationsHaveVariablesOfTheirOwn(t *testing.T) {
	for _, kind := range []string{"each", "fold"} {
		seeds(t, nil, func(k *kit) {
			p := k.plan("Loop", kind+` loop (arg) -> (x) {
glue loop/y (y x) -> (y)
glue loop/add (b y) -> (b)
}
result return (b) -> (out.0 out.1) exit=return`)
			for range 2 {
				if got := k.begin(p, background, "1 2 3 4")(); got.out != "1234" {
					t.Errorf("%s: %+v", kind, got)
				}
			}
		})
	}
}

func TestIterationsAheadEndWithTheirLoop(t *testing.T) {
	var over time.Duration
	steps := map[string]stepFunc{
		"A": func(ctx context.Context, arg string) (string, error) {
			k := kitOf(ctx)
			if arg != "stop" {
				k.nap(ctx, time.Hour)
				over = max(over, k.since())
			}
			return arg, nil
		},
		"C": takes("C", time.Minute),
	}
	seeds(t, steps, func(k *kit) {
		over = 0
		p := k.plan("Loop", `each each (arg) -> (x) {
start start.A each/A..each/A ahead=2
step each/A s.A (ctx x) -> (y err) err=err {volatile 1m}
step each/wait s.C (ctx arg) -> (b err) err=err {volatile 1m}
glue each/stop (x) -> () exit=break
}
step C s.C (ctx arg) -> (c err) err=err {volatile 1m}
result return (c) -> (out.0 out.1) exit=return`)
		got := k.begin(p, background, "stop 1 2")()
		if over > time.Minute || got.at != 2*time.Minute {
			t.Errorf("iterations that were not to be went on until %v, %+v", over, got)
		}
	})
}
