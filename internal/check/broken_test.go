package check_test

import (
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/golden"
)

// Every section NAME.planned is the beginning of a body that is no plan of its own
// source; NAME.verdict says why.
func TestBroken(t *testing.T) {
	golden.Run(t, "testdata/broken.txtar", func(t *testing.T, a *golden.Archive) {
		var out []golden.Section
		for _, s := range a.Sections {
			name, ok := strings.CutSuffix(s.Name, ".planned")
			if !ok {
				continue
			}
			g, err := graph.Parse("flow shop.Page\nvar a data string\nbody {\n" + s.Text + "\tresult return () -> () exit=return\n}\n")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			r := check.Check(graph.Erase(g), g, check.Program{}, check.DefaultRules())
			if r.OK() {
				t.Errorf("%s is accepted", name)
			}
			out = append(out, s, golden.Section{Name: name + ".verdict", Text: r.String()})
		}
		a.Sections = out
	})
}
