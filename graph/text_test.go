package graph_test

import (
	"reflect"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
)

// full has every field of every type set to something awkward.
func full() *graph.Graph {
	everything := []graph.Effect{
		{Class: graph.Volatile, For: 90 * time.Minute, OnError: 36 * time.Hour, Errors: []string{"NotFound", "a b", ""}},
		{Class: graph.Volatile},
		{Class: graph.Reads, Within: time.Second, Data: []graph.DataKey{
			{Name: "posts"}, {Name: "idempotent", Parts: []string{"id", "=de", "m[`k`]", "=", "", "= {x}:y"}}, {Name: "a b:c"}}},
		{Class: graph.Writes, Data: []graph.DataKey{{Name: "posts", Parts: []string{"p.ID + 1"}}}},
		{Class: graph.Acts, Idempotent: true, Deferrable: true, Unordered: true, Hidden: "context key \"user\"\n"},
		{Class: graph.Opaque, For: -time.Nanosecond},
	}
	return &graph.Graph{
		Flow: "(*example.com/shop.Server[int, string]).Page",
		Vars: []*graph.Var{
			{ID: "s", Role: graph.Param, Kind: graph.Identity, Type: "*example.com/shop.Server"},
			{ID: "x y", Role: graph.Param, Kind: graph.Handle, Type: "interface{ Close() error }", Alias: "group 1"},
			{ID: "f", Kind: graph.Func, Type: "func(int) `tag`", Key: true, Scope: "each.(a..b)"},
			{ID: "é", Kind: graph.Data, Type: "", Copy: true, Alias: "=", Scope: "..", Key: true},
			{ID: "out.0", Role: graph.Result, Kind: graph.Error, Type: "error"},
		},
		Body: &graph.Block{Nodes: []*graph.Node{
			{ID: "a", Kind: graph.Step, Callee: "(*example.com/shop.Server).Load", In: []graph.VarID{"s", "x y"}, Out: []graph.VarID{"é"},
				Edit: []graph.VarID{"x y"}, Err: "é", Effects: everything, Panics: true, Pos: graph.Pos{File: "a b.go", Line: 7}, Text: "a := `x`\n\x00\xff"},
			{ID: "start.b", Kind: graph.Start, First: "c", Last: "b ..", Ahead: 8},
			{ID: "c", Kind: graph.Branch, Total: true, Blocks: []*graph.Block{{}, {Nodes: []*graph.Node{
				{ID: "c/d", Kind: graph.Glue, Exits: graph.Return | graph.Break | graph.Continue, Loops: 3, Text: "{"},
				{ID: "c/e", Kind: graph.Defer, Callee: "", Pos: graph.Pos{Line: 3}},
			}}}},
			{ID: "k", Kind: graph.Stored, Blocks: []*graph.Block{{}}, Effects: []graph.Effect{{}}},
			{ID: "l", Kind: graph.Each, In: []graph.VarID{"é"}, Text: "for range é", Blocks: []*graph.Block{{}}},
			{ID: "r", Kind: graph.ResultNode, Out: []graph.VarID{"out.0"}, Exits: graph.Return, Pos: graph.Pos{File: "z.go"}},
		}},
	}
}

func TestEveryFieldSurvives(t *testing.T) {
	want := full()
	text := want.String()
	got, err := graph.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("parsed graph differs:\n%s\nfrom\n%s", got, text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(full().String())
	f.Add("flow f\nbody {\n}\n")
	f.Add("flow f\nvar x data int key\nbody {\n\tbranch if.x (x) -> () {\n\t} {\n\t}\n}")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := graph.Parse(text)
		if err != nil {
			return
		}
		printed := g.String()
		again, err := graph.Parse(printed)
		if err != nil {
			t.Fatalf("own text refused: %v\n%s", err, printed)
		}
		if !reflect.DeepEqual(g, again) {
			t.Fatalf("graph changed:\n%s\n%s", printed, again)
		}
	})
}
