package check_test

import (
	"testing"

	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/internal/check"
)

// Plans that people will write: the graph "planned" of every file is legal as a
// whole, and the certificate is what people read.
func TestLegal(t *testing.T) {
	graphtest.Golden(t, "testdata/legal/*.txtar", func(t *testing.T, files map[string]string) map[string]string {
		r := verdict(t, files["planned"], program(files), check.DefaultRules())
		if !r.OK() {
			t.Errorf("refused:\n%s", r)
		}
		return map[string]string{"verdict": r.String()}
	})
}
