package graph_test

// The class table as Between applies it, and the matching of keys.

import (
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
)

func key(text string) graph.DataKey {
	name, rest, _ := strings.Cut(text, ":")
	k := graph.DataKey{Name: name}
	if rest != "" {
		k.Parts = strings.Split(rest, ":")
	}
	return k
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"posts", "posts", true},
		{"posts", "likes", false},
		{"posts", "posts:=de", true}, // all of it, and a part
		{"posts:=de", "posts:=de:id", true},
		{"posts:=de", "posts:=fr", false},
		{"posts:=de:id", "posts:=fr", false},
		{"posts:id", "posts:=fr", true}, // id may be fr
		{"posts:id:=a", "posts:=de:=b", false},
		{"posts:id", "posts:other", true},
	} {
		a, b := []graph.DataKey{key(c.a)}, []graph.DataKey{key(c.b)}
		if graph.Match(a, b) != c.want || graph.Match(b, a) != c.want {
			t.Errorf("%s and %s match: %v, want %v", c.a, c.b, !c.want, c.want)
		}
	}
	if !graph.Match(nil, []graph.DataKey{key("posts")}) {
		t.Error("unnamed data matches nothing")
	}
}

// Every cell of the class table is what Between does, for nodes with the least
// in common that the cell speaks of.
func TestBetweenFollowsTheTable(t *testing.T) {
	g := &graph.Graph{Vars: []*graph.Var{
		{ID: "w", Kind: graph.Handle}, {ID: "r", Kind: graph.Handle},
	}}
	clash := func(a, b *graph.Node) bool { _, yes := graph.Between(g, a, b); return yes }
	node := func(c graph.Class, handle graph.VarID, edits bool, data string) *graph.Node {
		n := &graph.Node{Effects: []graph.Effect{{Class: c}}}
		if c == graph.Reads || c == graph.Writes {
			n.Effects[0].Data = []graph.DataKey{key(data)}
		}
		if c == graph.LocalTo {
			n.In = []graph.VarID{handle}
			if edits {
				n.Edit = n.In
			}
		}
		return n
	}
	table := graph.Table().Conflicts
	for a := range graph.Class(graph.NumClasses) {
		for b := range graph.Class(graph.NumClasses) {
			if table[a][b] != table[b][a] {
				t.Errorf("the table is not symmetrical for %s and %s", a, b)
			}
			edit, read := node(a, "w", true, "d:=1"), node(a, "w", false, "d:=1")
			same, other := node(b, "w", true, "d:=1"), node(b, "r", true, "d:=2")
			quiet := node(b, "w", false, "d:=1")
			type want struct{ editSame, editOther, readQuiet bool }
			wants := map[graph.Conflict]want{
				graph.Never:    {},
				graph.Always:   {true, true, true},
				graph.Matching: {true, false, true},
				graph.SameVar:  {true, false, false},
				graph.After:    {true, true, false},
			}
			got := want{clash(edit, same), clash(edit, other), clash(read, quiet)}
			if got != wants[table[a][b]] {
				t.Errorf("%s and %s: %+v, want %+v", a, b, got, wants[table[a][b]])
			}
		}
	}
}

func TestHandlesKeepTheOrderOfTheirUsers(t *testing.T) {
	g := mustParse(t, `flow f
param ctx context context.Context
param tx handle *sql.Tx alias=tx
param rows handle *sql.Rows alias=tx
param other handle *sql.Tx
body {
	step A f.A (tx) -> () {volatile 1m}
	step B f.B (rows) -> () {volatile 1m}
	step C f.C (other) -> () {volatile 1m}
	each each () -> () {
		step each/D f.D (tx) -> () {pure}
	}
	result return () -> () exit=return
}`)
	n := g.Body.Nodes
	for _, c := range []struct {
		a, b *graph.Node
		want graph.VarID
	}{{n[0], n[1], "tx"}, {n[0], n[2], ""}, {n[1], n[3], "rows"}, {n[2], n[3], ""}} {
		clash, ok := graph.Between(g, c.a, c.b)
		if clash.Handle != c.want || ok != (c.want != "") {
			t.Errorf("%s and %s clash by %q, want %q", c.a.ID, c.b.ID, clash.Handle, c.want)
		}
	}
}

func TestUnorderedEffectsPassEachOtherOnly(t *testing.T) {
	node := func(unordered bool) *graph.Node {
		return &graph.Node{Effects: []graph.Effect{{Class: graph.Acts, Unordered: unordered}}}
	}
	g := &graph.Graph{}
	if _, clash := graph.Between(g, node(true), node(true)); clash {
		t.Error("two unordered effects clash")
	}
	if _, clash := graph.Between(g, node(true), node(false)); !clash {
		t.Error("an unordered effect passes an ordered one")
	}
}
