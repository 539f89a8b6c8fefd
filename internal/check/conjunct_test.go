package check_test

import (
	"slices"
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/golden"
)

// Every file of testdata/conjuncts is about the conjunct in its name. Its planned
// graph "accepted" is legal; "refused" differs little, and is refused for that
// conjunct alone: with the conjunct disabled it passes. "verdict" is what people
// read. A line "sole: NAME" above names data that the main package answers for.
func TestConjuncts(t *testing.T) {
	seen := map[graph.ConjunctID]bool{}
	golden.Run(t, "testdata/conjuncts/*.txtar", func(t *testing.T, a *golden.Archive) {
		_, name, _ := strings.Cut(t.Name(), "/")
		id := graph.ConjunctID(name)
		if i := strings.IndexByte(name, '-'); i >= 0 {
			id = graph.ConjunctID(name[:i])
		}
		seen[id] = true
		prog := program(a.Comment)
		rules := check.DefaultRules()

		accepted := verdict(t, a, "accepted", prog, rules)
		if !accepted.OK() {
			t.Errorf("accepted, but for:\n%s", accepted)
		}
		refused := verdict(t, a, "refused", prog, rules)
		if got := refusals(refused); !slices.Equal(got, []graph.ConjunctID{id}) {
			t.Errorf("refused by %v:\n%s", got, refused)
		}
		if without := verdict(t, a, "refused", prog, rules.Without(id)); !without.OK() {
			t.Errorf("still refused without %s:\n%s", id, without)
		}
		a.Set("verdict", accepted.String()+refused.String())
	})
	for _, c := range graph.Laws() {
		if !seen[c.ID] {
			t.Errorf("no file is about %s", c.ID)
		}
	}
}

func program(comment string) check.Program {
	prog := check.Program{Sole: map[string]bool{}}
	for line := range strings.Lines(comment) {
		if names, ok := strings.CutPrefix(line, "sole: "); ok {
			for _, n := range strings.Fields(names) {
				prog.Sole[n] = true
			}
		}
	}
	return prog
}

// verdict checks a planned graph in text form against itself without its plan.
func verdict(t *testing.T, a *golden.Archive, section string, prog check.Program, rules check.Rules) check.Report {
	t.Helper()
	text, ok := a.Get(section)
	if !ok {
		t.Fatalf("there is no section %s", section)
	}
	return check.Check(graph.Erase(parsed(t, text)), parsed(t, text), prog, rules)
}

func parsed(t *testing.T, text string) *graph.Graph {
	t.Helper()
	g, err := graph.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := graph.Check(g); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return g
}

// refusals lists the conjuncts that a report refuses for, each once.
func refusals(r check.Report) (ids []graph.ConjunctID) {
	for _, v := range r.Verdicts {
		for _, f := range v.Refused {
			if !slices.Contains(ids, f.Conjunct) {
				ids = append(ids, f.Conjunct)
			}
		}
	}
	return ids
}
