package lift_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/graph"
)

// Node IDs survive edits of the source that have nothing to do with the nodes.
func TestNodesKeepTheirNames(t *testing.T) {
	a, err := txtar.ParseFile("testdata/loops.txtar")
	if err != nil {
		t.Fatal(err)
	}
	src := string(a.Files[0].Data)
	before := names(t, src)
	for what, edit := range map[string]func(string) string{
		"lines above": func(s string) string { return strings.Replace(s, "type Item", "// Item is a thing.\n\n\ntype Item", 1) },
		"another flow": func(s string) string {
			return s + "\n//fluxo:flow\nfunc More(ctx context.Context) (Item, error) { return Get(ctx, 1) }\n"
		},
		"a renamed error": func(s string) string { return regexp.MustCompile(`\berr\b`).ReplaceAllString(s, "failure") },
		"glue before": func(s string) string {
			return strings.ReplaceAll(s, "for _, id := range ids {", "println(\"more\")\n\tfor _, id := range ids {")
		},
		"another order of functions": func(s string) string {
			head, rest, _ := strings.Cut(s, "//fluxo:flow\nfunc List")
			body, main, _ := strings.Cut(rest, "func Main()")
			return head + "func Main()" + main + "\n//fluxo:flow\nfunc List" + body
		},
	} {
		after := names(t, edit(src))
		for flow, ids := range before {
			for _, id := range ids {
				if !slices.Contains(after[flow], id) {
					t.Errorf("%s: node %s of %s is gone: %v", what, id, flow, after[flow])
				}
			}
		}
	}
}

// With other comments and empty lines the graphs are the same, but for where nodes stand.
func TestCommentsLeaveGraphsAsTheyAre(t *testing.T) {
	a, err := txtar.ParseFile("testdata/loops.txtar")
	if err != nil {
		t.Fatal(err)
	}
	src := string(a.Files[0].Data)
	before := graphs(t, src)
	after := graphs(t, regexp.MustCompile(`(?m)^\t.*$`).ReplaceAllString(src, "$0 // an aside\n\n/* why:\n\"so\" */"))
	for flow, g := range before {
		if what := graph.Differ(g, after[flow]); what != "" || g.String() == after[flow].String() {
			t.Errorf("%q differs between\n%v\nand\n%v", what, g, after[flow])
		}
	}
}

// names lists the nodes of each flow.
func names(t *testing.T, src string) map[graph.FlowName][]graph.NodeID {
	t.Helper()
	all := map[graph.FlowName][]graph.NodeID{}
	for flow, g := range graphs(t, src) {
		for n := range graph.Within(g.Body.Nodes...) {
			if n.Kind != graph.Glue {
				all[flow] = append(all[flow], n.ID)
			}
		}
	}
	return all
}

// graphs lifts a file.
func graphs(t *testing.T, src string) map[graph.FlowName]*graph.Graph {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.com/loops\n\ngo 1.26.0\n")
	write(t, dir, "loops.go", src)
	all := map[graph.FlowName]*graph.Graph{}
	for _, p := range loadAll(t, dir).Packages {
		for _, f := range p.Results[lift.Analyzer].(*lift.Package).Flows {
			all[f.Graph.Flow] = f.Graph
		}
	}
	return all
}
