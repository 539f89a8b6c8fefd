package sim

// Named data in replays: what a write makes stale there.

import (
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
