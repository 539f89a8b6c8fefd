package engine

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fluxo.dev/fluxo/bench/command"
)

// What the figures say of allocations does not depend on the machine: no call allocates but one in 128, which
// is watched and noted, and that no more than twice.
func TestCallsDoNotAllocate(t *testing.T) {
	d, err := measure("calls", 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"empty.flow", "chain.flow", "hit"} {
		if len(d[name]) != 2 || len(d[name+".allocs"]) != 1 || d[name+".allocs"][0] > 2.1/128 {
			t.Errorf("%s: %v ns, %v allocations a call", name, d[name], d[name+".allocs"])
		}
	}
}

func TestParallelTakesItsRounds(t *testing.T) {
	d, err := measure("parallel", 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"left", "right", "both", "byhand"} {
		if len(d[name]) != 3*20 || len(d[name+".asleep"]) != 3 {
			t.Errorf("%s was timed %d and %d times, want 60 and 3", name, len(d[name]), len(d[name+".asleep"]))
		}
	}
}

// The figure divides by the number of nodes that a call walks.
func TestChainHasAsManyNodes(t *testing.T) {
	root, err := command.Root()
	if err != nil {
		t.Fatal(err)
	}
	fluxo, err := command.Fluxo()
	if err != nil {
		t.Fatal(err)
	}
	text, err := command.Output(command.In(filepath.Join(root, "bench", "engine", "testdata", "flows"), fluxo, "graph", "."))
	if err != nil {
		t.Fatal(err)
	}
	_, chain, _ := strings.Cut(string(text), "flow example.com/flows.Chain\n")
	chain, _, _ = strings.Cut(chain, "\nflow ")
	if n := len(regexp.MustCompile(`(?m)^\t(branch|step|fail|result|glue) `).FindAllString(chain, -1)); n != chainNodes {
		t.Errorf("Chain walks %d nodes, the figure divides by %d:\n%s", n, chainNodes, chain)
	}
}
