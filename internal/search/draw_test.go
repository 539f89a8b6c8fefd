package search

import (
	"context"
	"testing"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/tracetest"
	"fluxo.dev/fluxo/pattern"
)

// Drawn plans are legal, different, and of all sizes.
func TestDraw(t *testing.T) {
	trace := tracetest.WeatherTrace(tracetest.Zipf(300, 30, 1), 1)
	p := Problem{Trace: trace, Base: plan.New("fluxo.plan"), Patterns: pattern.All()}
	drawn, err := Draw(context.Background(), p, 10, 1)
	if err != nil || len(drawn) != 10 {
		t.Fatalf("%d plans, %v", len(drawn), err)
	}
	s, err := begin(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	seen, sizes := map[string]bool{}, map[int]bool{}
	for _, f := range drawn {
		n := 0
		for _, fl := range f.Flows() {
			n += len(fl.Decisions)
			g, problems := plan.Apply(s.graphs[fl.Name], fl.Decisions)
			if len(problems) > 0 || !s.check(s.graphs[fl.Name], g).OK() {
				t.Errorf("illegal: %v\n%s", problems, f.Format())
			}
		}
		seen[string(f.Format())], sizes[n] = true, true
	}
	if len(seen) != len(drawn) || len(sizes) < 4 {
		t.Errorf("%d different ones of %d, with %v decisions", len(seen), len(drawn), sizes)
	}
	again, err := Draw(context.Background(), p, 10, 1)
	if err != nil || string(again[9].Format()) != string(drawn[9].Format()) {
		t.Errorf("one seed draws two: %v\n%s\n%s", err, again[9].Format(), drawn[9].Format())
	}
}
