// Command lawdoc writes docs/laws.md from the class table and the table of
// laws, so that what people read is what the checker goes by.
package main

import (
	"fmt"
	"log"
	"os"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// target is the page, seen from the folder with the go:generate line.
const target = "../docs/laws.md"

func main() {
	if err := os.WriteFile(target, []byte(page()), 0o644); err != nil {
		log.Fatalf("lawdoc: %v; run go generate in the folder graph", err)
	}
}

// page is the whole document.
func page() string {
	d := &document{}
	d.line("# Laws")
	d.line("")
	d.line("<!-- Written by go generate ./graph from graph/class.go and graph/law.go: edit those. -->")
	d.line("")
	d.line("The walk over a flow's nodes in source order is its meaning. What a plan may change about it, and when, is said by two tables: the")
	d.line("class table says which steps stand in each other's way, the laws say what else must hold. The checker refuses a decision")
	d.line("by naming the conjunct that failed.")
	d.classes()
	d.conflicts()
	d.laws()
	d.patterns()
	return d.b.String()
}

type document struct{ b strings.Builder }

func (d *document) line(format string, args ...any) { fmt.Fprintf(&d.b, format+"\n", args...) }

// table writes a table's head and the line under it.
func (d *document) table(columns ...string) {
	d.line("| %s |", strings.Join(columns, " | "))
	d.line("|%s", strings.Repeat(" --- |", len(columns)))
}

// section writes a heading and what stands below it.
func (d *document) section(title string, words ...string) {
	d.line("")
	d.line("## %s", title)
	for _, w := range words {
		d.line("%s", w)
	}
	d.line("")
}

func (d *document) classes() {
	d.section("Classes", "What a step promises, and what may therefore be done with it.")
	d.table("class", "promise", "stored, shared", "begins before it is known to be reached", "runs twice for one")
	for c := range graph.Class(graph.NumClasses) {
		may := graph.Table().May[c]
		d.line("| **%s** | %s | %s | %s | %s |", c, c.Promise(), yes(may.Keep), yes(may.Early), yes(may.Twice))
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func (d *document) conflicts() {
	d.section("Conflicts",
		"When two nodes must keep their source order because of their classes. (Variables that both use, and request-scoped",
		"handles, are looked at besides.) Keys of named data match if the names are equal and one key may be a prefix of the other, part by part:",
		"only two literal parts differ for sure. Two `unordered` effects are never in each other's way.")
	columns := []string{""}
	for c := range graph.Class(graph.NumClasses) {
		columns = append(columns, c.String())
	}
	d.table(columns...)
	for a := range graph.Class(graph.NumClasses) {
		row := "| **" + a.String() + "** |"
		for b := range graph.Class(graph.NumClasses) {
			row += " " + graph.Table().Conflicts[a][b].String() + " |"
		}
		d.line("%s", row)
	}
}

func (d *document) laws() {
	d.section("Conjuncts", "Each law is the list of its conjuncts; all must hold.", "",
		"Of a stored or shared block, a failure edge that answers for itself is not inside: one that returns from the flow after an",
		"error of the block's own and uses, on its way, a handle, a context or anything else that has no key or copy",
		"(`if err != nil { http.Error(w, …); return }`). What meets one with an error is not kept, and a shared run ends before it: each caller runs it.")
	var last graph.Law
	for _, c := range graph.Laws() {
		if c.Law != last {
			if last != "" {
				d.line("")
			}
			d.line("### %s", c.Law)
			d.line("%s", sentence(c.Law.Says()))
			d.line("")
			d.table("conjunct", "holds if")
			last = c.Law
		}
		d.line("| `%s` | %s |", c.ID, c.Says)
	}
}

// sentence begins s with a capital and ends it with a full stop.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }

func (d *document) patterns() {
	d.section("Patterns", "A pattern composes laws and adds none.")
	d.table("pattern", "laws")
	for _, p := range graph.Patterns() {
		var laws []string
		for _, l := range p.Laws {
			laws = append(laws, string(l))
		}
		d.line("| **%s** | %s |", p.Name, strings.Join(laws, ", "))
	}
}
