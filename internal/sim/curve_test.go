package sim

import (
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/tracetest"
)

// The one pass says about what replays do, with memory that suffices and with memory that does not.
func TestCurve(t *testing.T) {
	trace := read(t, tracetest.WeatherTrace(tracetest.Zipf(6000, 1500, 1), 1))
	for _, step := range []string{"Locate", "Observe"} {
		c, err := trace.Curve(Region{flowName, graph.NodeID(step), graph.NodeID(step)})
		if err != nil {
			t.Fatal(err)
		}
		if c.Count != 6000 || c.Distinct > 1500 || c.Distinct < 300 || c.Overlap < 0 || c.Overlap > c.Total {
			t.Errorf("%s: %+v", step, c)
		}
		for _, memory := range []int64{20_000, 60_000, 8 << 20} {
			out := run(t, trace, Options{Plans: planned(t, "store "+step), Memory: memory})
			replayed := 6000 - out.Calls["example.com/weather."+step]
			hits, took := c.Saved(memory)
			if off := hits - replayed; off > 600 || off < -600 {
				t.Errorf("%s with %d bytes: %d hits by the curve, %d by the replay", step, memory, hits, replayed)
			}
			if mean := took.Seconds() / float64(max(hits, 1)); mean < .04 || mean > .09 {
				t.Errorf("%s: a hit saves %v s", step, mean)
			}
		}
	}
	if _, err := trace.Curve(Region{flowName, "Observe", "Locate"}); err == nil {
		t.Error("there is a curve of what is no region")
	}
}

func TestFenwick(t *testing.T) {
	var f fenwick
	sum := int64(0)
	for i := 1; i <= 300; i++ {
		f.add(i, int64(i))
		sum += int64(i)
		if f.sum(i) != sum || f.sum(i/2) != int64(i/2)*int64(i/2+1)/2 {
			t.Fatalf("up to %d: %d, want %d", i, f.sum(i), sum)
		}
	}
}
