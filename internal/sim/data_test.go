package sim

// Named data in replays: what a write makes stale there.

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
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

// What no request of the trace writes makes stale what was stored, too, as long as it is under way: in memory, read again, in a
// sample, in a part of the time, and in a trace that was joined.
func TestDataWrittenElsewhere(t *testing.T) {
	const second = time.Second
	for _, c := range []struct {
		name   string
		writes []profile.Write // before the third of five requests, of which one comes each second
		calls  int
	}{
		{"nothing", nil, 1},
		{"what was counted", []profile.Write{{At: second + second/2, Data: "stock", Parts: []uint64{77, 1}}}, 2},
		{"all of a shop", []profile.Write{{At: second + second/2, Data: "stock", Parts: []uint64{77}}}, 2},
		{"all", []profile.Write{{At: second + second/2, Data: "stock"}}, 2},
		{"something else", []profile.Write{{At: second + second/2, Data: "stock", Parts: []uint64{77, 2}}, {At: second + second/2, Data: "likes"}}, 1},
		{"it takes a while", []profile.Write{{At: second + second/2, Took: 2 * second, Data: "stock"}}, 4},
	} {
		asks := make([]ask, 5)
		for i := range asks {
			asks[i].last = 1
		}
		trace := asked(asks)
		trace.Runs[2].Writes = c.writes
		plans := storing(t, latest, "store Last\nstore Count")
		count := func(how string, tr *Trace, want int) {
			t.Helper()
			if n := run(t, tr, Options{Plans: plans}).Calls["s.Count"]; n != want {
				t.Errorf("%s is written, %s: %d calls, want %d", c.name, how, n, want)
			}
		}
		whole := read(t, trace)
		count("in memory", whole, c.calls)
		count("of some flows", whole.Only(func(graph.FlowName) bool { return true }), c.calls)
		streamed := whole.From(trace)
		count("read again", streamed, c.calls)
		between, err := streamed.Between(0, time.Minute, 100)
		if err != nil {
			t.Fatal(err)
		}
		count("between two times", between, c.calls)
		part := *trace
		part.Runs = slices.Delete(slices.Clone(part.Runs), 2, 3)
		few, left, err := read(t, &part).Beside(trace, func(r *profile.Run) bool { return r != trace.Runs[2] })
		if err != nil || left > 0 {
			t.Fatal(left, err)
		}
		count("in a sample", few, max(1, min(c.calls, 3)))
		all, _, err := whole.Beside(trace, func(*profile.Run) bool { return true })
		if err != nil || len(all.beside) > len(c.writes) {
			t.Errorf("%s is written: %v, %d of %d writes in a sample of all", c.name, err, len(all.beside), len(c.writes))
		}
		if c.writes == nil {
			continue
		}
		later := *trace
		later.Began = later.Began.Add(time.Hour)
		joined, err := profile.Join(&profile.Trace{Flows: trace.Flows}, &later)
		if err != nil {
			t.Fatal(err)
		}
		for r, err := range joined.Each() {
			if err != nil || len(r.Writes) > 0 && r.Writes[0].At != time.Hour+c.writes[0].At || c.writes[0].At > time.Hour {
				t.Errorf("%v after it was joined: %v", r.Writes, err)
			}
		}
	}
}

// What a run did began once all before it had ended, unless its author runs it beside others.
func TestWhenDataIsWritten(t *testing.T) {
	const text = `flow example.com/shop.All
param ctx context context.Context
param xs data []string key copy
var x data string key copy scope=each.xs
body {
	each each.xs (xs) -> (x) {
		step each.xs/Sell s.Sell (ctx x) -> () {writes stock:{x}}
	}
	call Sold example.com/shop.Sold (ctx) -> () {writes stock}
	step Close s.Close (ctx) -> () {writes stock}
	result return () -> () exit=return
}
`
	const ms = time.Millisecond
	sell := &profile.Run{Flow: "example.com/shop.Sold", Took: 7 * ms, Visits: []profile.Visit{{Node: 0, Took: 5 * ms}, {Node: 1, Exit: 1}}}
	for _, c := range []struct {
		took time.Duration
		want []time.Duration
	}{
		{20 * ms, []time.Duration{1000 * ms, 1003 * ms, 1006 * ms, 1013 * ms}},
		{13 * ms, []time.Duration{1000 * ms, 1003 * ms, 1006 * ms, 1010 * ms}}, // Close began beside Sold
	} {
		trace := &profile.Trace{Flows: []profile.Flow{{Name: "example.com/shop.All", Graph: text}, {Name: "example.com/shop.Sold", Graph: sold}}}
		trace.Runs = append(trace.Runs, &profile.Run{Flow: "example.com/shop.All", At: time.Second, Took: c.took, Visits: []profile.Visit{
			{Node: 0, Block: 0}, {Node: 1, Took: 3 * ms}, {Node: 0, Block: 0}, {Node: 1, Took: 3 * ms}, {Node: 0, Took: 6 * ms, Block: -1},
			{Node: 2, Took: 7 * ms, Run: sell}, {Node: 3, Took: 3 * ms},
		}})
		var at []time.Duration
		read(t, trace).eachKey(trace.Runs[0], graph.Writes, func(b beside) { at = append(at, b.at) })
		if !slices.Equal(at, c.want) {
			t.Errorf("in a run of %v it is written at %v, want %v", c.took, at, c.want)
		}
	}
}

// A request that is in no sample writes as long as it was recorded to, and one that writes the same meanwhile.
func TestDataOfSlowWrites(t *testing.T) {
	for _, asks := range [][]ask{{{last: 1}, {sell: 1}, {last: 1}, {last: 1}, {last: 1}}, {{last: 1}, {sell: 1}, {sell: 1}, {last: 1}, {last: 1}, {last: 1}}} {
		trace := asked(asks)
		last := len(asks) - 4
		for i, r := range trace.Runs {
			if r.At = time.Duration(max(i-last+1, min(i, 1))) * time.Second; i == last {
				r.Took, r.Visits[0].Took = 2500*time.Millisecond, 2500*time.Millisecond
			}
		}
		sampled := func(r *profile.Run) bool { return r.Flow == "example.com/shop.Latest" }
		part := *trace
		part.Runs = slices.DeleteFunc(slices.Clone(part.Runs), func(r *profile.Run) bool { return !sampled(r) })
		few, _, err := read(t, &part).Beside(trace, sampled)
		if err != nil {
			t.Fatal(err)
		}
		plans := storing(t, latest, "store Last\nstore Count")
		want := run(t, read(t, trace), Options{Plans: plans}).Calls["s.Count"]
		if got := run(t, few, Options{Plans: plans}).Calls["s.Count"]; got != want || got != 4 || len(few.beside) != 1 {
			t.Errorf("%d calls in the sample beside %d writes, %d in the whole, want 4", got, len(few.beside), want)
		}
	}
}
