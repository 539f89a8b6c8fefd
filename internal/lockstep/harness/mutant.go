package harness

// Mutants of the checker: rules that forget one condition.

import (
	"fmt"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
)

var classNames = map[string]graph.Class{
	"pure": graph.Pure, "reads": graph.Reads, "volatile": graph.Volatile, "local": graph.LocalTo,
	"writes": graph.Writes, "effect": graph.Acts, "opaque": graph.Opaque, "observe": graph.Observes,
}

// Mutate returns the checker's rules without what name says: a conjunct
// ("store.4"), a cell of the class table ("reads|writes"), or what bars a class from
// being kept, begun early or run twice ("keep writes", "early effect", "twice opaque").
func Mutate(name string) (check.Rules, error) {
	rules := check.DefaultRules()
	if verb, class, ok := strings.Cut(name, " "); ok {
		c, known := classNames[class]
		if known && verb == "keep" {
			rules.Classes.May[c].Keep = true
			return rules, nil
		}
		if known && verb == "early" {
			rules.Classes.May[c].Early = true
			return rules, nil
		}
		if known && verb == "twice" {
			rules.Classes.May[c].Twice = true
			return rules, nil
		}
		return rules, fmt.Errorf("no mutant %q", name)
	}
	if a, b, ok := strings.Cut(name, "|"); ok {
		ca, okA := classNames[a]
		cb, okB := classNames[b]
		if !okA || !okB {
			return rules, fmt.Errorf("no mutant %q: the classes are %v", name, classNames)
		}
		rules.Classes.Conflicts[ca][cb], rules.Classes.Conflicts[cb][ca] = graph.Never, graph.Never
		return rules, nil
	}
	if !rules.InForce[graph.ConjunctID(name)] {
		return rules, fmt.Errorf("no mutant %q: there is no such conjunct", name)
	}
	return rules.Without(graph.ConjunctID(name)), nil
}

// Mutants lists the mutants of the checker.
func Mutants() []string {
	var all []string
	for _, c := range graph.Laws() {
		all = append(all, string(c.ID))
	}
	table := graph.Table()
	order := []string{"pure", "reads", "volatile", "local", "writes", "effect", "opaque", "observe"}
	for i, a := range order {
		for _, b := range order[i:] {
			if table.Conflicts[classNames[a]][classNames[b]] != graph.Never {
				all = append(all, a+"|"+b)
			}
		}
		if !table.May[classNames[a]].Keep {
			all = append(all, "keep "+a)
		}
		if !table.May[classNames[a]].Early {
			all = append(all, "early "+a)
		}
		if !table.May[classNames[a]].Twice {
			all = append(all, "twice "+a)
		}
	}
	return all
}
