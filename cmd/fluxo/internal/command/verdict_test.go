package command

import (
	"strings"
	"testing"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
)

// What authors run beside each other is beside each other in replays, too: without a plan, with one about
// other parts, and with one that is not legal.
func TestReplaysHaveTheAuthorsOwnConcurrency(t *testing.T) {
	g, err := graph.Parse(`flow shop.Page
param ctx context context.Context
param id data string key copy
var a data string key copy
var b data string key copy
var c data string key copy
result out.0 data string key copy
body {
	step Locate shop.Locate (id) -> (c) {volatile 1m}
	step Sell shop.Sell (id) -> (a) fork=g function=1 {volatile 1m}
	step Tell shop.Tell (id) -> (b) fork=g function=2 {volatile 1m}
	result return (a b c) -> (out.0) exit=return
}
`)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "store Locate", "parallel Locate Nothing"} {
		f, err := plan.Parse("fluxo.plan", []byte("fluxo 1\n\nflow shop.Page (\n\t"+text+"\n)\n"))
		if text == "" {
			f, err = plan.New("fluxo.plan"), nil
		}
		if err != nil {
			t.Fatal(err)
		}
		s := &service{flows: []*lift.Flow{{Graph: g}}, plan: f}
		for what, graphs := range map[string]map[graph.FlowName]*graph.Graph{"as written": s.writtenGraphs(), "under its plan": s.plannedGraphs()} {
			got := graphs["shop.Page"].String()
			if !strings.Contains(got, "start ") {
				t.Errorf("plan %q, %s: nothing begins early\n%s", text, what, got)
			}
			if kept := strings.Contains(got, "stored "); kept != (what == "under its plan" && text == "store Locate") {
				t.Errorf("plan %q, %s: kept is %v", text, what, kept)
			}
		}
	}
}
