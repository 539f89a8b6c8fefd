package plan

// Flows that a plan names and that the program does not have.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// Stale returns a problem for every flow that the plan decides about and that is not
// among known, the flows of the program. callers has the flows that call each step, by the
// step's name; it may be nil.
func (f *File) Stale(known []graph.FlowName, callers map[string][]graph.FlowName) []Problem {
	var problems []Problem
	for _, fl := range f.Flows() {
		if slices.Contains(known, fl.Name) {
			continue
		}
		what := fmt.Sprintf("there is no flow %s", fl.Name)
		fix := suggestFlow(fl.Name, known)
		if step, by := stepOf(fl.Name, callers); step != "" {
			what = fmt.Sprintf("%s is a step, not a flow", step)
			fix = fmt.Sprintf("write the flow that calls it (%s)", listed(by))
		}
		problems = append(problems, Problem{ID: DecisionID(fl.Name), Pos: fl.Pos, What: what, Fix: fix})
	}
	return problems
}

// suggestFlow says what to write in place of a flow that is not among known.
func suggestFlow(name graph.FlowName, known []graph.FlowName) string {
	if generic, ok := genericOf(name, known); ok {
		return fmt.Sprintf("write %s, which is for all instances of the generic flow", generic)
	}
	var full, all []string
	for _, k := range known {
		all = append(all, string(k))
		if endsIn(string(k), string(name)) {
			full = append(full, string(k))
		}
	}
	if len(full) > 0 {
		return fmt.Sprintf("write its full name, %s", strings.Join(full[:min(len(full), maxListed)], " or "))
	}
	if near, ok := nearest(string(name), all); ok {
		return fmt.Sprintf("write %s if that is what it is called now, or remove its lines", near)
	}
	return "remove its lines, or correct the name; fluxo graph lists the flows of the program"
}

// stepOf returns the step that name means, in full or by its end, and the flows that call it.
func stepOf(name graph.FlowName, callers map[string][]graph.FlowName) (step string, by []string) {
	for _, s := range slices.Sorted(maps.Keys(callers)) {
		if s != string(name) && !endsIn(s, string(name)) {
			continue
		}
		for _, c := range callers[s] {
			by = append(by, string(c))
		}
		return s, by
	}
	return "", nil
}

// endsIn reports whether full is name with the path of a package before it.
func endsIn(full, name string) bool {
	return strings.HasSuffix(full, "."+name) || strings.HasSuffix(full, "/"+name)
}

// genericOf returns the flow among known that name, with its type arguments, is an
// instance of.
func genericOf(name graph.FlowName, known []graph.FlowName) (graph.FlowName, bool) {
	if !strings.Contains(string(name), "[") {
		return "", false
	}
	for _, k := range known {
		if withoutBrackets(k) == withoutBrackets(name) {
			return k, true
		}
	}
	return "", false
}

// withoutBrackets returns a flow's name without type parameters and arguments.
func withoutBrackets(name graph.FlowName) string {
	depth := 0
	return strings.Map(func(r rune) rune {
		switch r {
		case '[':
			depth++
		case ']':
			depth--
			return -1
		}
		if depth > 0 {
			return -1
		}
		return r
	}, string(name))
}
