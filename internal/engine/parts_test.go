package engine_test

// Parts of variables: what is kept is found again by the part that is read.

import (
	"context"
	"fmt"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
)

type book struct{ title, isbn string }

// shelf is the Vars of a flow that looks a book up and asks for its price.
type shelf struct {
	ctx        context.Context
	id         string
	b          book
	label, out string
}

const shelfVars = `param ctx context context.Context
param id data string key copy
var b data book key copy
var b.isbn data string key copy of=b
var label data string key copy
result out.0 data string key copy
body {
`

// shelfCode is the code of shelfVars, in their order.
func shelfCode() []engine.Var {
	text := func(of func(*shelf) *string) engine.Var {
		return engine.Var{
			Move: func(dst, src any) { *of(dst.(*shelf)) = *of(src.(*shelf)) },
			Key:  func(b []byte, v any) ([]byte, bool) { return fmt.Appendf(b, "%q", *of(v.(*shelf))), true },
			Save: func(v any) (any, int, bool) { return *of(v.(*shelf)), 16, true },
			Load: func(v, saved any) { *of(v.(*shelf)) = saved.(string) },
			Flat: true,
		}
	}
	return []engine.Var{
		{Move: func(dst, src any) { dst.(*shelf).ctx = src.(*shelf).ctx }},
		text(func(s *shelf) *string { return &s.id }),
		{
			Move: func(dst, src any) { dst.(*shelf).b = src.(*shelf).b },
			Key:  func(b []byte, v any) ([]byte, bool) { return fmt.Appendf(b, "%q", v.(*shelf).b), true },
			Save: func(v any) (any, int, bool) { return v.(*shelf).b, 32, true },
			Load: func(v, saved any) { v.(*shelf).b = saved.(book) },
			Flat: true,
		},
		text(func(s *shelf) *string { return &s.b.isbn }),
		text(func(s *shelf) *string { return &s.label }),
		text(func(s *shelf) *string { return &s.out }),
	}
}

// onShelf runs body, whose nodes are among Find, Pause, Label, Price and the return, for each ID, and returns the
// answers, and the calls of steps by name.
func onShelf(t *testing.T, body string, ids ...string) (answers []string, calls map[string]int) {
	t.Helper()
	calls = map[string]int{}
	var pauses func()
	code := map[graph.NodeID]func(*shelf){
		"Pause":  func(*shelf) { pauses() },
		"Find":   func(s *shelf) { s.b = book{title: "edition " + s.id, isbn: "isbn " + s.id[:1]} },
		"Label":  func(s *shelf) { s.label = s.b.title },
		"Price":  func(s *shelf) { s.out = "price of " + s.b.isbn },
		"return": func(s *shelf) { s.out += " for " + s.label },
	}
	world(t, 1, 16, nil, func(k *kit) {
		pauses = func() { k.nap(background, time.Second) }
		planned, err := graph.Parse("flow example.com/test.Shelf\n" + shelfVars + body + "\n}\n")
		if err != nil {
			t.Fatal(err)
		}
		if err := graph.Check(planned); err != nil {
			t.Fatal(err)
		}
		source := graph.Erase(planned)
		p := engine.Program{Graph: source.String(), Frames: []engine.FrameCode{engine.FrameOf[shelf]()}, Vars: shelfCode()}
		for at := range source.Places() {
			p.Nodes = append(p.Nodes, engine.Code{Run: func(_ *engine.Thread, f *engine.Frame) engine.Exit {
				calls[string(at.Node.ID)]++
				code[at.Node.ID](f.Vars.(*shelf))
				if at.Node.Kind == graph.ResultNode {
					return engine.Return
				}
				return engine.Next
			}})
		}
		src, err := engine.NewSource(p)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := k.engine.Compile(src, planned, func(graph.FlowName) bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			f := plan.Enter()
			s := f.Vars.(*shelf)
			s.ctx, s.id = background, id
			plan.Run(background, f)
			answers = append(answers, s.out)
			plan.Leave(f)
		}
	})
	return answers, calls
}

const (
	find   = "step Find s.Find (ctx id) -> (b b.isbn) {volatile 10m}\n"
	pause  = "step Pause s.Pause (ctx) -> ()\n"
	label  = "glue Label (b) -> (label)\n"
	price  = "step Price s.Price (ctx b.isbn) -> (out.0) {volatile 10m}\n"
	answer = "result return (label out.0) -> (out.0) exit=return"
)

func TestPartsCrossEdges(t *testing.T) {
	for _, c := range []struct {
		name, body    string
		finds, prices int
		unlabelled    bool
	}{
		{"the key is the part", find + label + "stored k {\n" + price + "}\n" + answer, 4, 2, false},
		{"the key is the whole", find + "stored k {\n" + label + price + "}\n" + answer, 4, 3, false},
		{"what is set inside is no key", "stored k {\n" + find + price + "}\n" + label + answer, 3, 3, false},
		{"the part alone leaves", "stored k {\n" + find + "}\n" + price + answer, 3, 4, true},
		{"the whole and the part leave", "stored k {\n" + find + "}\n" + label + price + answer, 3, 4, false},
		{"a fork reads the part", find + "start s Price..Price\n" + pause + label + price + answer, 4, 4, false},
		{"a flight reads the part", find + label + "shared k {\n" + price + "}\n" + answer, 4, 4, false},
		{"a hit on a fork", "start s k..Label\n" + pause + "stored k {\n" + find + "}\n" + label + price + answer, 3, 4, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			answers, calls := onShelf(t, c.body, "a1", "a2", "b1", "a1")
			for i, id := range []string{"a1", "a2", "b1", "a1"} {
				want := "price of isbn " + id[:1] + " for edition " + id
				if c.unlabelled {
					want = "price of isbn " + id[:1] + " for "
				}
				if answers[i] != want {
					t.Errorf("%s: %q, want %q", id, answers[i], want)
				}
			}
			if calls["Find"] != c.finds || calls["Price"] != c.prices {
				t.Errorf("%d finds, %d prices; want %d, %d", calls["Find"], calls["Price"], c.finds, c.prices)
			}
		})
	}
}
