package graph_test

import (
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
)

const page = `flow shop.Page
param id data int key copy
var p data int key copy
result out.0 data int key copy
body {
	step Price shop.Price (id) -> (p) @shop.go:10 {volatile 1m} ` + "`p := Price(id)`" + `
	branch if (p) -> () @shop.go:11 {
		step if/Note shop.Note () -> () @shop.go:12 {observes}
	} {
	}
	result return (p) -> (out.0) exit=return @shop.go:14
}
`

func TestDiffer(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"", "", ""},
		{"@shop.go:10", "@other.go:99", ""},
		{" @shop.go:12", "", ""},
		{"volatile 1m", "volatile 2m", "step Price"},
		{"if/Note shop.Note", "if/Log shop.Log", "step if/Log in place of step if/Note"},
		{"\tresult return", "\tstep `A B` shop.A () -> () {pure}\n\tresult return", "step `A B` in place of result return"},
		{"\t\tstep if/Note shop.Note () -> () @shop.go:12 {observes}\n", "", "the end of a block in place of step if/Note"},
		{"var p data int", "var p data int8", "var p"},
		{"flow shop.Page", "flow shop.Cart", "flow shop.Cart in place of flow shop.Page"},
		{"result out.0 data int key copy\n", "result out.0 data int key copy\nresult out.1 error error\n", "result out.1 in place of nothing"},
	} {
		if got := graph.Differ(mustParse(t, page), mustParse(t, strings.Replace(page, c.old, c.new, 1))); got != c.want {
			t.Errorf("%q → %q: %q, want %q", c.old, c.new, got, c.want)
		}
	}
}
