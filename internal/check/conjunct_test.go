package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/internal/check"
)

// Every file of testdata/conjuncts is about the conjunct in its name. Its planned
// graph "accepted" is legal; "refused" differs little, and is refused for that
// conjunct alone: with the conjunct disabled it passes. "verdict" is what people
// read. "sole" names data that the main package answers for.
func TestConjuncts(t *testing.T) {
	seen := map[graph.ConjunctID]bool{}
	graphtest.Golden(t, "testdata/conjuncts/*.txtar", func(t *testing.T, files map[string]string) map[string]string {
		_, name, _ := strings.Cut(t.Name(), "/")
		id := graph.ConjunctID(name)
		if i := strings.IndexByte(name, '-'); i >= 0 {
			id = graph.ConjunctID(name[:i])
		}
		seen[id] = true
		prog := program(files)
		rules := check.DefaultRules()

		accepted := verdict(t, files["accepted"], prog, rules)
		if !accepted.OK() {
			t.Errorf("accepted, but for:\n%s", accepted)
		}
		refused := verdict(t, files["refused"], prog, rules)
		if got := refusals(refused); !slices.Equal(got, []graph.ConjunctID{id}) {
			t.Errorf("refused by %v:\n%s", got, refused)
		}
		if without := verdict(t, files["refused"], prog, rules.Without(id)); !without.OK() {
			t.Errorf("still refused without %s:\n%s", id, without)
		}
		return map[string]string{"verdict": accepted.String() + refused.String()}
	})
	for _, c := range graph.Laws() {
		if !seen[c.ID] {
			t.Errorf("no file is about %s", c.ID)
		}
	}
}

// A write that changes nothing the second time is a write to every law: the word lets the author have it tried again,
// and no plan.
func TestIdempotentWritesAreWrites(t *testing.T) {
	plans := map[string]string{
		"store": "stored stored.1 {\nstep Sell %s\n}", "coalesce": "shared shared.1 {\nstep Sell %s\n}", "hedge": "hedged hedged.1 after=1s budget=5 {\nstep Sell %s\n}",
		"parallel": "start start.Sell Sell..Sell\nstep Locate shop.Locate (id) -> ()\nstep Sell %s",
	}
	for name, body := range plans {
		var refused [][]graph.ConjunctID
		for _, word := range []string{"", " idempotent"} {
			sell := "shop.Sell (id) -> () {writes stock:{id}" + word + "}"
			text := "flow shop.Buy\nparam id data int key copy\nbody {\n" + fmt.Sprintf(body, sell) + "\nresult return () -> () exit=return\n}\n"
			refused = append(refused, refusals(verdict(t, text, check.Program{}, check.DefaultRules())))
		}
		if len(refused[0]) == 0 || !slices.Equal(refused[0], refused[1]) {
			t.Errorf("%s refused by %v, and idempotent by %v", name, refused[0], refused[1])
		}
	}
}

func program(files map[string]string) check.Program {
	prog := check.Program{Sole: map[string]bool{}}
	for _, name := range strings.Fields(files["sole"]) {
		prog.Sole[name] = true
	}
	return prog
}

// verdict checks a planned graph in text form against itself without its plan.
func verdict(t *testing.T, text string, prog check.Program, rules check.Rules) check.Report {
	t.Helper()
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
