package pattern_test

import (
	"testing"

	"fluxo.dev/fluxo/pattern"
	_ "fluxo.dev/fluxo/pattern/answer"
	_ "fluxo.dev/fluxo/pattern/cache"
	_ "fluxo.dev/fluxo/pattern/coalesce"
	_ "fluxo.dev/fluxo/pattern/parallel"
	_ "fluxo.dev/fluxo/pattern/refresh"
)

type named string

func (n named) Name() string                         { return string(n) }
func (named) Find(*pattern.Flow) []pattern.Candidate { return nil }

func TestRegistry(t *testing.T) {
	names := ""
	for _, p := range pattern.All() {
		names += p.Name() + " "
	}
	if names != "answer cache coalesce parallel refresh " {
		t.Errorf("the registry has %s", names)
	}
	for _, name := range []named{"", "two words", "cache"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a pattern named %q is registered", name)
				}
			}()
			pattern.Register(name)
		}()
	}
}
