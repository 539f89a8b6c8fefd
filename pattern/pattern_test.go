package pattern_test

import (
	"testing"
	"time"

	"fluxo.dev/fluxo/pattern"
	_ "fluxo.dev/fluxo/pattern/answer"
	_ "fluxo.dev/fluxo/pattern/cache"
	_ "fluxo.dev/fluxo/pattern/coalesce"
	_ "fluxo.dev/fluxo/pattern/hedge"
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
	if names != "answer cache coalesce hedge parallel refresh " {
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

// Evidence has three digits, whatever the unit.
func TestSeenForPeople(t *testing.T) {
	for mean, want := range map[time.Duration]string{
		44157304: "5 calls, 3 different, 44.2ms each", 999: "5 calls, 3 different, 999ns each", 1004: "5 calls, 3 different, 1µs each",
		68643 * time.Millisecond: "5 calls, 3 different, 1m8.6s each", 0: "5 calls, 3 different, 0s each",
	} {
		if got := (pattern.Seen{Count: 5, Distinct: 3, Mean: mean}).String(); got != want {
			t.Errorf("%d: %s; want %s", mean, got, want)
		}
	}
	for want, s := range map[string]pattern.Seen{
		"about 14100 calls, about 2500 different, 1ms each": {Count: 14112, Distinct: 2496, Mean: time.Millisecond, About: true},
		"about 999 calls, about 7 different, 1ms each":      {Count: 999, Distinct: 7, Mean: time.Millisecond, About: true},
		"14112 calls, 2496 different, 1ms each":             {Count: 14112, Distinct: 2496, Mean: time.Millisecond},
	} {
		if got := s.String(); got != want {
			t.Errorf("%+v: %s; want %s", s, got, want)
		}
	}
}
