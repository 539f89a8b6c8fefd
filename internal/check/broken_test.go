package check_test

import (
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/internal/check"
)

// Every section NAME.planned is the beginning of a body that is no plan of its own
// source; NAME.verdict says why.
func TestBroken(t *testing.T) {
	graphtest.Golden(t, "testdata/broken.txtar", func(t *testing.T, files map[string]string) map[string]string {
		verdicts := map[string]string{}
		for section, text := range files {
			name, ok := strings.CutSuffix(section, ".planned")
			if !ok {
				continue
			}
			g, err := graph.Parse("flow shop.Page\nvar a data string\nbody {\n" + text + "\tresult return () -> () exit=return\n}\n")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			r := check.Check(graph.Erase(g), g, check.Program{}, check.DefaultRules())
			if r.OK() {
				t.Errorf("%s is accepted", name)
			}
			verdicts[name+".verdict"] = r.String()
		}
		return verdicts
	})
}
