package graph_test

import (
	"slices"
	"testing"

	"fluxo.dev/fluxo/graph"
)

// The variable of a counted loop goes on from what the body left in it, though
// no node reads it afterwards: the loop's post statement and condition do.
func TestLoopVariableLeavesTheRegionThatChangesIt(t *testing.T) {
	g, err := graph.Parse(`flow p.F
var s data string key copy
var i data int key copy scope=fold.i
result out.0 data string key copy
body {
	fold fold.i () -> (i) @p.go:1 ` + "`for i := 0; i < 8; i++`" + ` {
		glue fold.i/glue.s (i s) -> (s) @p.go:2 ` + "`s += fmt.Sprint(i)`" + `
		glue fold.i/glue.i (i) -> (i) @p.go:3 ` + "`i++`" + `
	}
	result return (s) -> (out.0) exit=return @p.go:4 ` + "`return s`" + `
}
`)
	if err != nil {
		t.Fatal(err)
	}
	fold, _ := g.Find("fold.i")
	body := fold.Node.Blocks[0]
	if out := graph.Outputs(g, body, 1, 1); !slices.Contains(out, "i") {
		t.Errorf("what leaves the region i++ is %v, without i", out)
	}
}
