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

// A situation is how two nodes may meet, beside their classes.
type situation struct {
	name                 string
	early, between       string // variables and attributes of the two nodes
	earlyKey, betweenKey string // of the data they name
}

var situations = []situation{
	{name: "apart", early: "(h) -> ()", between: "(g) -> ()", earlyKey: ":1", betweenKey: ":2"},
	{name: "same data", early: "(h) -> ()", between: "(g) -> ()", earlyKey: ":1", betweenKey: ""},
	{name: "same handle", early: "(h) -> ()", between: "(h) -> ()", earlyKey: ":1", betweenKey: ":2"},
	{name: "it changes the handle", early: "(h) -> () edit=(h)", between: "(h) -> ()", earlyKey: ":1", betweenKey: ":2"},
	{name: "it changes its own handle", early: "(h) -> () edit=(h)", between: "(g) -> ()", earlyKey: ":1", betweenKey: ":2"},
	{name: "the other changes the handle", early: "(h) -> ()", between: "(h) -> () edit=(h)", earlyKey: ":1", betweenKey: ":2"},
	{name: "it names no handle", early: "() -> ()", between: "(h) -> ()", earlyKey: ":1", betweenKey: ":2"},
	{name: "the other names no handle", early: "(h) -> ()", between: "() -> ()", earlyKey: ":1", betweenKey: ":2"},
}

// graph has a node of class early that begins before one of class between.
func (s situation) graph(t *testing.T, early, between graph.Class) *graph.Graph {
	return parsed(t, fmt.Sprintf(`flow shop.Page
param h handle *sql.Rows
param g handle *sql.Rows
body {
	start start.Early Early..Early
	step Between shop.Between %s {%s}
	step Early shop.Early %s {%s}
	result return () -> () exit=return
}
`, s.between, effect(between, s.betweenKey), s.early, effect(early, s.earlyKey)))
}

// effect is an effect of class c in text form.
func effect(c graph.Class, key string) string {
	switch c {
	case graph.Reads, graph.Writes:
		return c.String() + " posts" + key
	case graph.Volatile:
		return "volatile 1m"
	}
	return c.String()
}

// tableOnly has the class table's conjunct alone in force, so that its every cell
// shows: that effects never begin before what may fail is speculation's.
func tableOnly() check.Rules {
	r := check.DefaultRules()
	for id := range r.InForce {
		r.InForce[id] = id == "reorder.3"
	}
	return r
}

// passes reports whether early may begin before between.
func passes(t *testing.T, rules check.Rules, s situation, early, between graph.Class) bool {
	planned := s.graph(t, early, between)
	return check.Check(graph.Erase(planned), planned, check.Program{}, rules).OK()
}

// The file has one line for each cell of the class table: who may begin early
// before whom, and in which situation not.
func TestClassTable(t *testing.T) {
	graphtest.Golden(t, "testdata/table.txtar", func(t *testing.T, _ map[string]string) map[string]string {
		var b strings.Builder
		for early := range graph.Class(graph.NumClasses) {
			for between := range graph.Class(graph.NumClasses) {
				var no []string
				for _, s := range situations {
					if !passes(t, tableOnly(), s, early, between) {
						no = append(no, s.name)
					}
				}
				says := "may begin early"
				if len(no) == len(situations) {
					says = "keeps its place"
				} else if len(no) > 0 {
					says += ", but not if: " + strings.Join(no, "; ")
				}
				fmt.Fprintf(&b, "%-9s before %-9s %s\n", early, between, says)
			}
		}
		return map[string]string{"cells": b.String()}
	})
}

// Every cell is good for something: turned into Never or Always it changes a
// verdict, unless it says that already.
func TestEveryCellCounts(t *testing.T) {
	for early := range graph.Class(graph.NumClasses) {
		for between := range graph.Class(graph.NumClasses) {
			cell := tableOnly().Classes.Conflicts[early][between]
			for _, mutant := range []graph.Conflict{graph.Never, graph.Always} {
				if cell == mutant || cell == graph.After && early != graph.LocalTo && mutant == graph.Never {
					continue // After bars the local step alone
				}
				rules := tableOnly()
				rules.Classes.Conflicts[early][between] = mutant
				flips := 0
				for _, s := range situations {
					if passes(t, rules, s, early, between) != passes(t, tableOnly(), s, early, between) {
						flips++
					}
				}
				if flips == 0 {
					t.Errorf("%v before %v: %d instead of %d changes nothing", early, between, mutant, cell)
				}
			}
		}
	}
}

// What a class may do, cell by cell: keeping and early starts, as the conjuncts that
// ask for it say.
func TestEveryPermissionCounts(t *testing.T) {
	const region = `flow shop.Page
param a data string key copy
var b data string key copy
body {
	stored stored.x {
		step X shop.X (a) -> () {%s}
	}
	start start.Y Y..Y
	step X.2 shop.X (a) -> (b)
	step Y shop.Y (a) -> () {%s}
	result return () -> () exit=return
}
`
	for c := range graph.Class(graph.NumClasses) {
		planned := parsed(t, fmt.Sprintf(region, effect(c, ""), effect(c, "")))
		source := graph.Erase(planned)
		prog := check.Program{Sole: map[string]bool{"posts": true}}
		judge := func(rules check.Rules) (keep, early bool) {
			refused := refusals(check.Check(source, planned, prog, rules))
			by := func(ids ...graph.ConjunctID) bool {
				return slices.ContainsFunc(ids, func(id graph.ConjunctID) bool { return slices.Contains(refused, id) })
			}
			return !by("store.2", "store.3"), !by("speculate.1", "speculate.3")
		}
		may := graph.Table().May[c]
		if keep, early := judge(check.DefaultRules()); keep != may.Keep || early != may.Early {
			t.Errorf("%v: kept %v, early %v, want %v", c, keep, early, may)
		}
		other := check.DefaultRules()
		other.Classes.May[c] = graph.May{Keep: !may.Keep, Early: !may.Early}
		if keep, early := judge(other); keep == may.Keep || early == may.Early {
			t.Errorf("%v: turned round, kept %v, early %v: the permission %v counts for nothing", c, keep, early, may)
		}
	}
}

// Two effects that their authors call unordered may pass each other; one may not.
func TestUnordered(t *testing.T) {
	for _, c := range []struct {
		early, between string
		want           bool
	}{
		{"effect unordered", "effect unordered", true},
		{"effect unordered", "effect", false},
		{"effect", "effect unordered", false},
	} {
		planned := parsed(t, fmt.Sprintf(`flow shop.Page
body {
	start start.Early Early..Early
	step Between shop.Between () -> () {%s}
	step Early shop.Early () -> () {%s}
	result return () -> () exit=return
}
`, c.between, c.early))
		if got := check.Check(graph.Erase(planned), planned, check.Program{}, tableOnly()).OK(); got != c.want {
			t.Errorf("%s before %s: %v", c.early, c.between, got)
		}
	}
}
