package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
)

// Which failure edges answer for themselves, and what then enters and leaves.
func TestDepartures(t *testing.T) {
	for _, c := range []struct {
		name, edge             string
		departs                bool
		enters, stored, shared string
	}{
		{"plain", "(err) -> (out.0 out.1) err=err exit=return", false, "ctx id", "a out.0 out.1", "a out.0 out.1"},
		{"it tells more", "(err name) -> (out.0 out.1) err=err exit=return", false, "ctx id name", "a out.0 out.1", "a out.0 out.1"},
		{"it logs", "(err) -> (out.0 out.1) err=err exit=return {observes}", false, "ctx id", "a out.0 out.1", "a out.0 out.1"},
		{"it answers", "(err w name a) -> (out.0 out.1) edit=(w) err=err exit=return {local}", true, "ctx id", "a", "a err"},
		{"it looks into the context", "(err ctx) -> (out.0 out.1) err=err exit=return", true, "ctx id", "a", "a err"},
		{"it has no key", "(err odd) -> (out.0 out.1) err=err exit=return", true, "ctx id", "a", "a err"},
		{"it calls a function", "(err f) -> (out.0 out.1) err=err exit=return", true, "ctx id", "a", "a err"},
		{"it has a handle of its own", "(err rows) -> (out.0 out.1) err=err exit=return {local}", false, "ctx id", "a out.0 out.1", "a out.0 out.1"},
		{"its handle is not shown", "(err) -> (out.0 out.1) err=err exit=return {local}", true, "ctx id", "a", "a err"},
		{"its result has no copy", "(err) -> (out.2) err=err exit=return", true, "ctx id", "a", "a err"},
		{"it hides an input", `(err) -> (out.0 out.1) err=err exit=return {pure hidden="the user"}`, true, "ctx id", "a", "a err"},
		{"it goes on", "(err w) -> () edit=(w) err=err exit=continue {local}", false, "ctx w id", "w a", "w a"},
		{"the error is older", "(old w) -> () edit=(w) err=old exit=return {local}", false, "ctx w id old", "w a", "w a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := graph.Parse(fmt.Sprintf(`flow shop.Page
param ctx context context.Context
param w handle net/http.ResponseWriter
param f func func()
param id data string key copy
param name data string key copy
param odd data shop.Odd
var a data string key copy
var rows handle *sql.Rows
var err error error
var old error error
result out.0 data string key copy
result out.1 error error
result out.2 data shop.Odd
body {
	fold for () -> () {
		step Load shop.Load (ctx id) -> (a rows err) err=err
		fail Load.fail %s
	}
	result return (a) -> (out.0 out.1) exit=return
}
`, c.edge))
			if err != nil {
				t.Fatal(err)
			}
			b := g.Body.Nodes[0].Blocks[0]
			enters, departs := graph.KeptInputs(g, b.Nodes)
			if got := len(departs) > 0; got != c.departs {
				t.Errorf("departs: %v", got)
			}
			for _, set := range []struct {
				what string
				ids  []graph.VarID
				want string
			}{
				{"enters", enters, c.enters},
				{"leaves a stored block", graph.KeptOutputs(g, b, 0, 1, graph.Store), c.stored},
				{"leaves a shared block", graph.KeptOutputs(g, b, 0, 1, graph.Share), c.shared},
			} {
				if got := strings.Trim(fmt.Sprint(set.ids), "[]"); got != set.want {
					t.Errorf("%s: %s, want %s", set.what, got, set.want)
				}
			}
		})
	}
}
