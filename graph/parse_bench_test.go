package graph_test

import (
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
)

// Services parse the graphs of all their flows when they start.
func BenchmarkParse(b *testing.B) {
	text := graphtest.Random(1, 60).String()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := graph.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
