package search

import (
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/tracetest"
	"fluxo.dev/fluxo/pattern"
	_ "fluxo.dev/fluxo/pattern/answer"
)

// Where few towns are asked for all the time, the answers themselves are worth keeping.
func TestAnswersAreProposed(t *testing.T) {
	r := find(t, Problem{Trace: tracetest.WeatherTrace(tracetest.Zipf(2000, 4, 1), 1), Patterns: named("answer"), Replays: 20})
	text := string(r.Plan.Format())
	if !strings.Contains(text, "\tanswer\n") || Value(r.Goal, r.After) > .9*Value(r.Goal, r.Before) {
		t.Errorf("%s as written, %s under\n%s", Text(r.Goal, Value(r.Goal, r.Before)), Text(r.Goal, Value(r.Goal, r.After)), text)
	}
	if len(r.Steps) != 1 || len(r.Steps[0].Holds) != 10 {
		t.Errorf("the evidence is %+v", r.Steps)
	}
}

func named(name string) (only []pattern.Pattern) {
	for _, p := range pattern.All() {
		if p.Name() == name {
			only = append(only, p)
		}
	}
	return only
}

// Where every step is kept already, kept answers gain no time that could be seen. They spare nodes.
func TestAnswersSpareNodes(t *testing.T) {
	steps := base(t, "", "\tpin store Locate\n\tpin store Observe\n\tpin store Alerts")
	r := find(t, Problem{Trace: tracetest.WeatherTrace(tracetest.Zipf(2000, 4, 1), 1), Base: steps, Patterns: named("answer"), Replays: 20})
	if text := string(r.Plan.Format()); !strings.Contains(text, "\tanswer\n") {
		t.Fatalf("answers are not kept under\n%s", text)
	}
	if s := r.Steps[0]; s.Before-s.After > r.Written*worthwhile || s.NodesAfter > 0.8*s.NodesBefore {
		t.Errorf("the evidence is %+v", s)
	}
	seldom := find(t, Problem{Trace: tracetest.WeatherTrace(tracetest.Zipf(500, 5000, 1), 1), Base: steps, Patterns: named("answer"), Replays: 20})
	if len(seldom.Steps) > 0 {
		t.Errorf("answers that hardly anybody asks for again are kept under\n%s", seldom.Plan.Format())
	}
}

// What is asked for most is rarer in a sample than in the whole: answers that spare two nodes in a hundred are kept, and one in a thousand not.
func TestAnswersThatSpareLittle(t *testing.T) {
	for every, want := range map[int]bool{60: true, 1000: false} {
		trace := shelves(func(i int) (id, shelf uint64) {
			if i%every == 1 {
				return 1, 1
			}
			return uint64(i + 1), uint64(i % 7)
		})
		r := find(t, Problem{Trace: trace})
		text := string(r.Plan.Format())
		if got := strings.Contains(text, "\tanswer\n"); got != want || !strings.Contains(text, "store Count") {
			t.Errorf("one request in %d is for what was asked for before: the plan is\n%s", every, text)
		}
	}
}

// Beside answers that spare nodes, what keeps the parts that they are made of has to pay as well as anything: of eight products, two are
// counted together, which is next to nothing beside what all requests take.
func TestNothingIdleBesideAnswers(t *testing.T) {
	r := find(t, Problem{Trace: shelves(func(i int) (id, shelf uint64) {
		id = uint64(i*i%37%8 + 1)
		return id, max(id, 2)
	})})
	if len(r.Steps) != 1 || !r.Steps[0].Candidate.head {
		t.Errorf("the plan is\n%s", r.Plan.Format())
	}
}

// shelves is a trace of a thousand requests for products, whose shelves are counted, and of as many orders, which take ten times as long.
func shelves(product func(i int) (id, shelf uint64)) *profile.Trace {
	const (
		shop = `flow example.com/shop.Show
param ctx context context.Context
param id data string key copy
var shelf data string key copy
var n data int key copy
result out.0 data int key copy
result out.1 error error
body {
	glue shelf (id) -> (shelf)
	step Count s.Count (ctx shelf) -> (n) {volatile 1h}
	result return (n) -> (out.0 out.1) exit=return
}
`
		order = `flow example.com/shop.Order
param ctx context context.Context
param id data string key copy
result out.0 error error
body {
	step Send s.Send (ctx id) -> () {effect}
	result return () -> (out.0) exit=return
}
`
		ms = time.Millisecond
	)
	trace := &profile.Trace{Cores: 4, Flows: []profile.Flow{{Name: "example.com/shop.Show", Graph: shop}, {Name: "example.com/shop.Order", Graph: order}}}
	for i := range 2000 {
		id, shelf := product(i)
		r := &profile.Run{At: time.Duration(i) * 100 * ms, Params: []profile.Value{{Var: 1, Hash: id, Size: 8}}}
		if r.Flow, r.Took = "example.com/shop.Show", 5*ms; i%2 == 0 {
			r.Flow, r.Took = "example.com/shop.Order", 50*ms
			r.Visits = []profile.Visit{{Took: r.Took, Block: -1}, {Node: 1, Exit: 1, Block: -1}}
		} else {
			r.Visits = []profile.Visit{
				{Block: -1, Sets: []profile.Value{{Var: 2, Hash: shelf, Size: 8}}},
				{Node: 1, Took: r.Took, Block: -1, Sets: []profile.Value{{Var: 3, Hash: shelf, Size: 8}}},
				{Node: 2, Exit: 1, Block: -1},
			}
		}
		trace.Runs = append(trace.Runs, r)
	}
	return trace
}
