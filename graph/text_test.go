package graph_test

import (
	"reflect"
	"strings"
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
			{ID: "f", Kind: graph.Func, Type: "func(int) `tag`", Key: true, Scope: "each.(a..b)", Of: "é"},
			{ID: "é", Kind: graph.Data, Type: "", Copy: true, Alias: "=", Scope: "..", Key: true},
			{ID: "out.0", Role: graph.Result, Kind: graph.Error, Type: "error"},
		},
		Body: &graph.Block{Nodes: []*graph.Node{
			{ID: "a", Kind: graph.Step, Callee: "(*example.com/shop.Server).Load", In: []graph.VarID{"s", "x y"}, Out: []graph.VarID{"é"},
				Edit: []graph.VarID{"x y"}, Err: "é", Effects: everything, Points: []graph.VarID{"x y"}, Panics: true, Limit: 8, Pos: graph.Pos{File: "a b.go", Line: 7}, Text: "a := `x`\n\x00\xff"},
			{ID: "start.b", Kind: graph.Start, First: "c", Last: "b ..", Ahead: 8},
			{ID: "c", Kind: graph.Branch, Total: true, Blocks: []*graph.Block{{}, {Nodes: []*graph.Node{
				{ID: "c/d", Kind: graph.Glue, Exits: graph.Return | graph.Break | graph.Continue, Loops: 3, Text: "{"},
				{ID: "c/e", Kind: graph.Defer, Callee: "", Pos: graph.Pos{Line: 3}},
			}}}},
			{ID: "k", Kind: graph.Stored, Refresh: 80, Answer: true, Blocks: []*graph.Block{{}}, Effects: []graph.Effect{{}}},
			{ID: "h", Kind: graph.Hedged, After: 120 * time.Millisecond, Budget: 5, Blocks: []*graph.Block{{}}},
			{ID: "l", Kind: graph.Each, In: []graph.VarID{"é"}, Text: "for range é", Blocks: []*graph.Block{{}},
				Fork: &graph.Fork{Group: "g 2", Function: 3, Limit: 4, Over: "each.(a..b)", Rounds: true, Locked: true}},
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

// A copy that shared a slice with its original would change with it.
func TestCloneSharesNothing(t *testing.T) {
	g := full()
	text := g.String()
	spoil(reflect.ValueOf(g.Clone()))
	if g.String() != text {
		t.Errorf("the original became\n%s", g)
	}
}

// spoil changes every string, number and truth value that v leads to.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		spoil(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			spoil(v.Field(i))
		}
	case reflect.String:
		v.SetString("spoilt")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(77)
	case reflect.Uint8:
		v.SetUint(0)
	}
}

// full must grow with the types, or the round trip proves less than it says.
func TestFullIsFull(t *testing.T) {
	set := map[string]bool{}
	collect(reflect.ValueOf(full()), set)
	for name, isSet := range set {
		if !isSet {
			t.Errorf("no value of full sets %s", name)
		}
	}
}

func collect(v reflect.Value, set map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		collect(v.Elem(), set)
	case reflect.Slice:
		for i := range v.Len() {
			collect(v.Index(i), set)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Name() + "." + v.Type().Field(i).Name
			set[name] = set[name] || !v.Field(i).IsZero()
			collect(v.Field(i), set)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", `graph text 1:1: expected flow, found the end of the text`},
		{"flow\nbody {\n}", `graph text 1:5: expected the flow's name, found the end of the line`},
		{"flow f\nparam x dat int\n", `graph text 2:9: expected a kind of variable (data, error, context, identity, handle, func), found "dat"`},
		{"flow f\nparam x data int ky\n", `graph text 2:18: expected key, copy, alias=, scope=, of= or the end of the line, found "ky"`},
		{"flow f\nlocal x", `graph text 2:1: expected param, var, result or body, found "local"`},
		{"flow f\nbody {\n\tstep A f.A (x -> (y)\n}", `graph text 3:19: expected a variable or ), found "(y)"`},
		{"flow f\nbody {\n\tstep A f.A (x) (y)\n}", `graph text 3:17: expected '-', found "(y)"`},
		{"flow f\nbody {\n\tglue a () -> () exit=leave\n}", `graph text 3:23: expected an exit (return, break, continue), found "leave"`},
		{"flow f\nbody {\n\tstep a f.a () -> () {volatile soon}\n}", `graph text 3:32: expected a duration like 24h or 1m30s, found "soon}"`},
		{"flow f\nbody {\n\tstep a f.a () -> () {reads posts:{=de}}\n}", `graph text 3:36: expected an expression, found "=de": literals stand without braces`},
		{"flow f\nbody {\n\tglue a () -> () `x\n}", `graph text 3:18: expected the quote to be closed in this line`},
		{"flow f\nbody {\n\tglue a () -> ()\n", `graph text 4:1: expected a kind of node or } (glue, step, call, fresh, fail, result, defer, branch, each, fold, start, stored, shared, hedged), found the end of the text`},
		{"flow f\nbody {\n}\nmore", `graph text 4:1: expected the end of the text, found "more"`},
		{"flow f\nbody {\n\tstart s A-B\n}", `graph text 3:13: expected '.', found the end of the line`},
	} {
		_, err := graph.Parse(c.text)
		if err == nil || err.Error() != c.want {
			t.Errorf("%q:\n%v\nwant\n%s", c.text, err, c.want)
		}
	}
}

func TestNestingIsBounded(t *testing.T) {
	deep := "flow f\nbody {\n" + strings.Repeat("each a () -> () {\n", 1000)
	if _, err := graph.Parse(deep); err == nil || !strings.Contains(err.Error(), "nest deeper") {
		t.Errorf("a thousand blocks gave %v", err)
	}
}
