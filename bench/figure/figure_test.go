package figure

import (
	"io"
	"strings"
	"testing"
)

func TestLinesAreNameValueUnit(t *testing.T) {
	var out strings.Builder
	r := &Report{To: &out, Notes: io.Discard, Rounds: 3}
	r.Line("a", 12, "ns")
	r.Line("b", -0.012345, "points")
	r.Line("c", 123.456, "us")
	r.Line("d", 1.5e7, "ops/s")
	r.Line("e", 12345.67, "B")
	if want := "a 12 ns\nb -0.0123 points\nc 123.5 us\nd 15000000 ops/s\ne 12346 B\n"; out.String() != want {
		t.Errorf("printed\n%swant\n%s", out.String(), want)
	}
}

func TestRatioAlternatesAndTellsNoise(t *testing.T) {
	var out, order strings.Builder
	r := &Report{To: &out, Notes: io.Discard, Rounds: 2}
	as := []float64{10, 11, 10, 11} // measured, again, measured, again
	r.Ratio("x",
		func() float64 { order.WriteByte('a'); v := as[0]; as = as[1:]; return v },
		func() float64 { order.WriteByte('b'); return 20 })
	if want := "x 2 ratio\nx.noise 0.1000 ratio\n"; out.String() != want || order.String() != "ababaa" {
		t.Errorf("order %s, printed\n%swant\n%s", order.String(), out.String(), want)
	}
}

func TestChoose(t *testing.T) {
	all := []Figure{{Name: "store.hit_ratio"}, {Name: "store.throughput"}, {Name: "engine.hit"}}
	got, err := Choose(all, []string{"engine", "store.t"})
	if err != nil || len(got) != 2 || got[0].Name != "store.throughput" {
		t.Errorf("Choose = %v, %v; want the two, in the order of the list", got, err)
	}
	if _, err := Choose(all, []string{"stroe"}); err == nil || !strings.Contains(err.Error(), "stroe") {
		t.Errorf("Choose of a misspelt name: %v; want an error that names it", err)
	}
}
