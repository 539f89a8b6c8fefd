package search

// Patterns that anybody wrote: whatever they do, a search ends, with a plan that is legal.

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

// A stranger is such a pattern.
type stranger func(*pattern.Flow) []pattern.Candidate

func (stranger) Name() string                               { return "stranger" }
func (s stranger) Find(f *pattern.Flow) []pattern.Candidate { return s(f) }

func propose(lines ...string) stranger {
	return func(*pattern.Flow) []pattern.Candidate { return []pattern.Candidate{{Lines: lines, Why: "saves 99 %"}} }
}

func TestStrangers(t *testing.T) {
	for _, c := range []struct {
		name     string
		stranger stranger
		warning  string
	}{
		{"panics", func(*pattern.Flow) []pattern.Candidate { panic("why not") }, "it panics: why not"},
		{"never ends", func(*pattern.Flow) []pattern.Candidate { select {} }, "it has not answered within 300ms"},
		{"ends its goroutine", func(*pattern.Flow) []pattern.Candidate { runtime.Goexit(); return nil }, "it ended its goroutine"},
		{"knows a word of its own", propose("warp Locate"), `unknown word "warp"`},
		{"speaks for the author", propose("never store Locate"), "one decision without a mark"},
		{"leaves the flow", propose("store Locate\n)\nmemory 1KiB\nflow example.com/weather.Weather ("), "not one line"},
		{"says nothing", propose(), "0 lines"},
		{"contradicts itself", propose("store Locate", "store Locate"), "written twice"},
		{"says too much", propose(make([]string, 1000)...), "1000 lines"},
		{"changes the graph", func(f *pattern.Flow) []pattern.Candidate {
			f.Graph.Body.Nodes, f.Seen = nil, nil
			f.Graph.Vars[0].Kind = graph.Error
			return nil
		}, ""},
		{"lies about the gain", propose("coalesce Locate"), ""},
		{"proposes without end", func(*pattern.Flow) []pattern.Candidate {
			return make([]pattern.Candidate, 1<<20)
		}, "0 lines"},
	} {
		t.Run(c.name, func(t *testing.T) {
			patience := time.Minute
			if c.name == "never ends" {
				patience = 300 * time.Millisecond
			}
			r := find(t, Problem{Trace: day(200, 200), Replays: 80, Patterns: append(pattern.All(), c.stranger), Patience: patience})
			if got := strings.Join(r.Warnings, "\n"); c.warning == "" && got != "" || !strings.Contains(got, c.warning) || !strings.Contains(got, "stranger") && c.warning != "" {
				t.Errorf("warnings %q, want %q", got, c.warning)
			}
			if len(r.Warnings) > 2 {
				t.Errorf("%d warnings", len(r.Warnings))
			}
			if !strings.Contains(string(r.Plan.Format()), "parallel Observe Alerts") {
				t.Errorf("the others are not heard any more:\n%s", r.Plan.Format())
			}
			if strings.Contains(string(r.Plan.Format()), "coalesce Locate") {
				t.Errorf("what gains nothing is in the plan:\n%s", r.Plan.Format())
			}
		})
	}
}

// What is not legal is refused, with the reason, whoever proposes it.
func TestStrangersThatBreakTheLaws(t *testing.T) {
	r := find(t, Problem{Trace: day(50, 5), Patterns: []pattern.Pattern{stranger(func(*pattern.Flow) []pattern.Candidate {
		return []pattern.Candidate{{Lines: []string{"parallel Locate Observe"}}, {Lines: []string{"store Nothing"}}}
	})}})
	if len(r.Refused) != 2 || len(r.Steps) != 0 || r.Refused[0].Reason == "" {
		t.Errorf("%+v", r)
	}
}
