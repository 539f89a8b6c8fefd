package check_test

import (
	"testing"

	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/golden"
)

// Plans that people will write: the graph "planned" of every file is legal as a
// whole, and the certificate is what people read.
func TestLegal(t *testing.T) {
	golden.Run(t, "testdata/legal/*.txtar", func(t *testing.T, a *golden.Archive) {
		r := verdict(t, a, "planned", program(a.Comment), check.DefaultRules())
		if !r.OK() {
			t.Errorf("refused:\n%s", r)
		}
		a.Set("verdict", r.String())
	})
}
