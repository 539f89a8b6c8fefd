package sim

// Parts of variables in a replay: they go where the whole goes.

import (
	"reflect"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
)

const shelf = `flow example.com/shop.Page
param ctx context context.Context
param id data string key copy
var b data Book key copy
var b.isbn data string key copy of=b
result out.0 data Page key copy
body {
	step Find s.Find (ctx id) -> (b b.isbn) {volatile 1h}
	step Price s.Price (ctx b.isbn) -> (out.0) {volatile 1h}
	result return (b out.0) -> (out.0) exit=return
}
`

func TestParts(t *testing.T) {
	trace := &profile.Trace{Cores: 4, Flows: []profile.Flow{{Name: "example.com/shop.Page", Graph: shelf}}}
	for i, id := range []uint64{101, 102, 101, 102, 201} {
		isbn := id / 100
		trace.Runs = append(trace.Runs, &profile.Run{
			Flow: "example.com/shop.Page", At: time.Duration(i) * time.Second, Took: 2 * time.Millisecond,
			Params: []profile.Value{{Var: 1, Hash: id, Size: 8}},
			Visits: []profile.Visit{
				{Node: 0, Took: time.Millisecond, Sets: []profile.Value{{Var: 2, Hash: id, Size: 32}, {Var: 3, Hash: isbn, Size: 8}}},
				{Node: 1, Took: time.Millisecond, Sets: []profile.Value{{Var: 4, Hash: 10 * isbn, Size: 8}}},
				{Node: 2, Exit: 1, Sets: []profile.Value{{Var: 4, Hash: id + 10*isbn, Size: 8}}},
			},
		})
	}
	source, err := graph.Parse(shelf)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lines         string
		finds, prices int
	}{
		{"store Price", 5, 2},
		{"store Find\nstore Price", 3, 2},
		{"coalesce Find\nstore Price", 5, 2},
	} {
		f, err := plan.Parse("", []byte("fluxo 1\n\nflow example.com/shop.Page (\n"+c.lines+"\n)\n"))
		if err != nil {
			t.Fatal(err)
		}
		p, problems := plan.Apply(source, f.Decisions("example.com/shop.Page"))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		out := run(t, read(t, trace), Options{Plans: map[graph.FlowName]*graph.Graph{source.Flow: p}})
		if out.Calls["s.Find"] != c.finds || out.Calls["s.Price"] != c.prices {
			t.Errorf("%q: %v calls, want %d finds and %d prices", c.lines, out.Calls, c.finds, c.prices)
		}
	}
}

const stock = `flow example.com/shop.Stock
param ctx context context.Context
param id data string key copy
result out.0 data int key copy
body {
	step Count s.Count (ctx id) -> (out.0) {reads stock:{id}}
	result return (out.0) -> (out.0) exit=return
}
`

const sale = `flow example.com/shop.Sell
param ctx context context.Context
param id data string key copy
body {
	step Sell s.Sell (ctx id) -> () {writes stock:{id}}
	result return () -> () exit=return
}
`

// Data is told apart by hashes, and what is read falls together now and then with what is written: the same in every replay.
func TestReplaysOfWritesAreTheSame(t *testing.T) {
	const products = 2000
	recorded, options := read(t, salesOf(products, 1)), Options{Plans: storing(t, stock, "store Count")}
	want := run(t, recorded, options)
	if n := want.Calls["s.Count"]; n <= products/2 || n > products {
		t.Errorf("%d products were counted, want hardly more than the %d that somebody asked for", n, products/2)
	}
	for range 5 {
		if got := run(t, recorded, options); !reflect.DeepEqual(got, want) {
			t.Errorf("calls %v, in another replay %v", want.Calls, got.Calls)
		}
	}
}

// What is written between two reads is read again.
func TestReplaysOfWritesOfWhatIsRead(t *testing.T) {
	const products = 50
	for _, c := range []struct{ apart, calls int }{
		{0, 2 * products}, // each read comes behind a write of what it reads
		{1, products / 2}, // what is written is never read
	} {
		out := run(t, read(t, salesOf(products, c.apart)), Options{Plans: storing(t, stock, "store Count")})
		if n := out.Calls["s.Count"]; n < c.calls || n > c.calls+c.calls/10 {
			t.Errorf("written %d beside what is read: %d products were counted, want %d", c.apart, n, c.calls)
		}
	}
}

// salesOf is a trace in which products are counted and sold in turn, every one of them four times or the half of them; what is
// sold is so far beside what was counted.
func salesOf(products, apart int) *profile.Trace {
	trace := &profile.Trace{Cores: 4, Flows: []profile.Flow{{Name: "example.com/shop.Stock", Graph: stock}, {Name: "example.com/shop.Sell", Graph: sale}}}
	for i := range 4 * products {
		id := uint64(i%products + 1)
		if i%2 == 1 {
			id = uint64((i-1+apart)%products + 1)
		}
		run := &profile.Run{
			Flow: "example.com/shop.Stock", At: time.Duration(i) * time.Second, Took: time.Millisecond, Params: []profile.Value{{Var: 1, Hash: id, Size: 8}},
			Visits: []profile.Visit{
				{Node: 0, Took: time.Millisecond, Parts: []uint64{id}, Sets: []profile.Value{{Var: 2, Hash: 1, Size: 8}}},
				{Node: 1, Exit: 1, Sets: []profile.Value{{Var: 2, Hash: 1, Size: 8}}},
			},
		}
		if i%2 == 1 {
			run.Flow, run.Visits = "example.com/shop.Sell", []profile.Visit{{Node: 0, Took: time.Millisecond, Parts: []uint64{id}}, {Node: 1, Exit: 1}}
		}
		trace.Runs = append(trace.Runs, run)
	}
	return trace
}

// storing is a flow under lines of a plan.
func storing(t *testing.T, text, lines string) map[graph.FlowName]*graph.Graph {
	t.Helper()
	source, err := graph.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	f, err := plan.Parse("", []byte("fluxo 1\n\nflow "+string(source.Flow)+" (\n"+lines+"\n)\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, problems := plan.Apply(source, f.Decisions(source.Flow))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return map[graph.FlowName]*graph.Graph{source.Flow: p}
}
