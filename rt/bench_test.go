package rt_test

// What the empty plan costs: the figure engine.empty.

import (
	"context"
	"testing"
)

func BenchmarkEmptyPlan(b *testing.B) {
	ctx := context.Background()
	b.Run("direct", func(b *testing.B) {
		for b.Loop() {
			fluxoPlain_Weather(ctx, "")
		}
	})
	b.Run("flow", func(b *testing.B) {
		for b.Loop() {
			Weather(ctx, "")
		}
	})
}

func TestEmptyPlanAllocatesNothing(t *testing.T) {
	ctx := context.Background()
	if n := testing.AllocsPerRun(100, func() { Weather(ctx, "") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
