package sim

// Named data in replays: what a write makes stale there.

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

// latest counts whatever was sold last.
const latest = `flow example.com/shop.Latest
param ctx context context.Context
param who data string key copy
var id data string key copy
result out.0 data int key copy
body {
	step Last s.Last (ctx who) -> (id) {volatile 1h}
	step Count s.Count (ctx id) -> (out.0) {reads stock:all:{id}}
	result return (out.0) -> (out.0) exit=return
}
`

const sold = `flow example.com/shop.Sold
param ctx context context.Context
param id data string key copy
body {
	step Sell s.Sell (ctx id) -> () {writes stock:all:{id}}
	result return () -> () exit=return
}
`

// An ask is one request of a test: what it asks for, or sells, and whether that was seen to its end.
type ask struct {
	last, sell uint64
	unseen     bool
}

// asked is the trace of asks.
func asked(asks []ask) *profile.Trace {
	const all, who, ms = 77, 5, time.Millisecond
	trace := &profile.Trace{Cores: 4, Flows: []profile.Flow{{Name: "example.com/shop.Latest", Graph: latest}, {Name: "example.com/shop.Sold", Graph: sold}}}
	for i, a := range asks {
		run := &profile.Run{At: time.Duration(i) * time.Second, Took: 2 * ms}
		if a.sell > 0 {
			run.Flow, run.Params = "example.com/shop.Sold", []profile.Value{{Var: 1, Hash: a.sell, Size: 8}}
			run.Visits = []profile.Visit{{Node: 0, Took: ms, Parts: []uint64{all, a.sell}}, {Node: 1, Exit: 1}}
		} else {
			run.Flow, run.Params = "example.com/shop.Latest", []profile.Value{{Var: 1, Hash: who, Size: 8}}
			run.Visits = []profile.Visit{
				{Node: 0, Took: ms, Sets: []profile.Value{{Var: 2, Hash: a.last, Size: 8}}},
				{Node: 1, Took: ms, Parts: []uint64{all, a.last}, Sets: []profile.Value{{Var: 3, Hash: 100 + a.last, Size: 8}}},
				{Node: 2, Exit: 1},
			}
		}
		if a.unseen {
			run.Params[0].Hash, run.Visits = 1000+a.last+a.sell, nil
		}
		trace.Runs = append(trace.Runs, run)
	}
	return trace
}

// A run that has other inputs under a plan than it was recorded with reads and writes what others were seen to with these, and
// all data of a name if nobody was.
func TestDataOfOtherInputs(t *testing.T) {
	for _, c := range []struct {
		name  string
		asks  []ask
		calls int
	}{
		{"nothing is sold", []ask{{last: 1}, {last: 1}}, 1},
		{"what was counted is sold", []ask{{last: 1}, {sell: 1}, {last: 1}}, 2},
		{"something else is sold", []ask{{last: 1}, {sell: 2}, {last: 1}}, 1},
		{"the stored one, that others counted, is kept", []ask{{last: 1}, {sell: 1}, {last: 2}, {sell: 2}, {last: 1}}, 2},
		{"the stored one, that others counted, is sold", []ask{{last: 1}, {sell: 1}, {last: 2}, {sell: 1}, {last: 1}}, 3},
		{"nobody saw what was sold", []ask{{last: 1}, {sell: 2}, {sell: 3, unseen: true}, {last: 1}}, 2},
		{"nobody saw what was counted", []ask{{sell: 9}, {last: 3, unseen: true}, {sell: 1}, {last: 3, unseen: true}}, 2},
		{"nobody saw it, and nothing is sold", []ask{{last: 3, unseen: true}, {last: 3, unseen: true}, {sell: 1}, {last: 1}}, 2},
	} {
		out := run(t, read(t, asked(c.asks)), Options{Plans: storing(t, latest, "store Last\nstore Count")})
		if n := out.Calls["s.Count"]; n != c.calls {
			t.Errorf("%s: it was counted %d times, want %d", c.name, n, c.calls)
		}
	}
}

// gone counts and then writes, when it is left; told calls a flow that writes before it counts.
const (
	gone = `flow example.com/shop.Gone
param ctx context context.Context
param id data string key copy
result out.0 data int key copy
body {
	defer defer.Sell s.Sell (ctx id) -> () {writes stock:all:{id}}
	step Count s.Count (ctx id) -> (out.0) {reads stock:all:{id}}
	result return (out.0) -> (out.0) exit=return
}
`
	told = `flow example.com/shop.Told
param ctx context context.Context
param id data string key copy
result out.0 data int key copy
body {
	call Sold example.com/shop.Sold (ctx id) -> () {writes stock:all:{id}}
	step Count s.Count (ctx id) -> (out.0) {reads stock:all:{id}}
	result return (out.0) -> (out.0) exit=return
}
`
)

// What is deferred writes when the flow is left. A call of a flow that nobody looked into writes what that does.
func TestDataOfDeferredWritesAndCalls(t *testing.T) {
	for _, c := range []struct {
		text  string
		sells [2]uint64 // what the two runs sell; both count 1
		calls int
	}{
		{gone, [2]uint64{1, 2}, 2},
		{gone, [2]uint64{2, 1}, 1},
		{told, [2]uint64{1, 1}, 2},
		{told, [2]uint64{1, 2}, 1},
		{told, [2]uint64{1, 0}, 2}, // all of them
	} {
		planned := storing(t, c.text, "store Count")
		trace := &profile.Trace{Cores: 4, Flows: []profile.Flow{{Name: "example.com/shop.Sold", Graph: sold}}}
		for flow := range planned {
			trace.Flows = append(trace.Flows, profile.Flow{Name: flow, Graph: c.text})
			for i, id := range c.sells {
				trace.Runs = append(trace.Runs, &profile.Run{
					Flow: flow, At: time.Duration(i) * time.Second, Params: []profile.Value{{Var: 1, Hash: 5, Size: 8}},
					Visits: []profile.Visit{
						{Node: 0, Took: time.Millisecond, Parts: []uint64{77, id}},
						{Node: 1, Took: time.Millisecond, Parts: []uint64{77, 1}, Sets: []profile.Value{{Var: 2, Hash: 9, Size: 8}}},
						{Node: 2, Exit: 1},
					},
				})
			}
		}
		out := run(t, read(t, trace), Options{Plans: planned})
		if n := out.Calls["s.Count"]; n != c.calls {
			t.Errorf("%v of %v are sold: it was counted %d times, want %d", c.sells, trace.Runs[0].Flow, n, c.calls)
		}
	}
}

// In a sample what was stored gets stale by all requests, by those that are not in it, too.
func TestDataOfSamples(t *testing.T) {
	const products, of = 400, 8
	for _, apart := range []int{0, 1} {
		recorded := salesOf(products, apart)
		sampled := func(r *profile.Run) bool { return r.Flow == "example.com/shop.Stock" && r.Params[0].Hash%of == 1 }
		part := *recorded
		part.Runs = slices.DeleteFunc(slices.Clone(part.Runs), func(r *profile.Run) bool { return !sampled(r) })
		o := Options{Plans: storing(t, stock, "store Count")}
		whole := run(t, read(t, recorded), o).Calls["s.Count"]
		few, _, err := read(t, &part).Beside(recorded, sampled)
		if err != nil {
			t.Fatal(err)
		}
		got := run(t, few, o).Calls["s.Count"]
		if want := whole / 4; got < want*9/10 || got > want*11/10 {
			t.Errorf("written %d beside what is read: %d calls in a sample, want %d", apart, got, want)
		}
		if apart == 1 && len(few.beside) > 0 {
			t.Errorf("%d writes are kept of what the sample does not read", len(few.beside))
		}
	}
	// Who reads all of a name reads what has a longer key.
	recorded := salesOf(products, 0)
	recorded.Flows[0].Graph = strings.Replace(stock, "reads stock:{id}", "reads stock", 1)
	part := *recorded
	part.Runs = part.Runs[:1]
	few, _, err := read(t, &part).Beside(recorded, func(r *profile.Run) bool { return r == recorded.Runs[0] })
	if err != nil || len(few.beside) != products/2 {
		t.Errorf("%d writes of %d products are kept: %v", len(few.beside), products/2, err)
	}
	// As many as a replay can make.
	const over = 5
	recorded.Runs = recorded.Runs[:1]
	for id := range uint64(maxBeside + over) {
		recorded.Runs = append(recorded.Runs, &profile.Run{Flow: "example.com/shop.Sell", Visits: []profile.Visit{{Parts: []uint64{id + 1}}}})
	}
	few, left, err := read(t, &part).Beside(recorded, func(r *profile.Run) bool { return r == recorded.Runs[0] })
	if err != nil || len(few.beside) != maxBeside || left != over {
		t.Errorf("%d writes are kept, %d left out: %v", len(few.beside), left, err)
	}
}
