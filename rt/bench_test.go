package rt_test

// What a plan costs: the figures engine.empty and engine.hit.

import (
	"context"
	"testing"
)

const storeLocate = "fluxo 1\nflow example.com/weather.Weather (\n\tstore Locate..return\n)\n"

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
