package main

import (
	"os"
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
)

func TestThePageIsUpToDate(t *testing.T) {
	got, err := os.ReadFile("../" + target)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != page() {
		t.Error("docs/laws.md is not what the tables say; run go generate ./graph")
	}
}

func TestEveryConjunctAndClassIsOnThePage(t *testing.T) {
	text := page()
	for _, c := range graph.Laws() {
		if !strings.Contains(text, "| `"+string(c.ID)+"` | "+c.Says+" |") {
			t.Errorf("%s is not on the page", c.ID)
		}
	}
	for c := range graph.Class(graph.NumClasses) {
		if c.Promise() == "" || !strings.Contains(text, "**"+c.String()+"**") {
			t.Errorf("class %s is not on the page", c)
		}
	}
}

// A law that a pattern names and that has no conjunct would allow anything.
func TestEveryPatternHasConjuncts(t *testing.T) {
	counts := map[graph.Law]int{}
	for _, c := range graph.Laws() {
		counts[c.Law]++
	}
	for _, p := range graph.Patterns() {
		for _, l := range p.Laws {
			if counts[l] == 0 {
				t.Errorf("%s composes %s, which has no conjunct", p.Name, l)
			}
		}
	}
}
