package search

// Flows of which one writes what the other reads.

import (
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/sim"
)

const (
	stock = `flow example.com/shop.Stock
param ctx context context.Context
param id data string key copy
result out.0 data int key copy
body {
	step Count s.Count (ctx id) -> (out.0) {reads stock:{id}}
	result return (out.0) -> (out.0) exit=return
}
`
	sale = `flow example.com/shop.Sell
param ctx context context.Context
param id data string key copy
body {
	step Sell s.Sell (ctx id) -> () {writes stock:{id}}
	result return () -> () exit=return
}
`
)

// shop is a trace in which each product is counted and then sold, or another one is.
func shop(requests, products, apart uint64) *profile.Trace {
	t := &profile.Trace{Cores: 4, Flows: []profile.Flow{{Name: "example.com/shop.Stock", Graph: stock}, {Name: "example.com/shop.Sell", Graph: sale}}}
	for i := range requests {
		id := i/2%products + 1
		if i%2 == 1 {
			id += apart
		}
		r := &profile.Run{At: time.Duration(i) * time.Second, Took: 10 * time.Millisecond, Params: []profile.Value{{Var: 1, Hash: profile.Mix(1, id), Size: 8}}}
		step := profile.Visit{Node: 0, Took: 10 * time.Millisecond, Block: -1, Parts: []uint64{profile.Mix(1, id)}}
		if r.Flow = "example.com/shop.Sell"; i%2 == 0 {
			r.Flow, step.Sets = "example.com/shop.Stock", []profile.Value{{Var: 2, Hash: id, Size: 8}}
		}
		r.Visits = []profile.Visit{step, {Node: 1, Block: -1, Exit: 1}}
		t.Runs = append(t.Runs, r)
	}
	return t
}

// What is written before it is read again is not worth a store, whether plans are compared on all requests or on a sample.
func TestStoresOfWhatIsWritten(t *testing.T) {
	for _, c := range []struct {
		requests, products, apart uint64
		want                      bool
	}{{2000, 20, 0, false}, {2000, 20, 100, true}, {60_000, 2000, 0, false}, {60_000, 2000, 10_000, true}} {
		r := find(t, Problem{Trace: shop(c.requests, c.products, c.apart), Sole: map[string]bool{"stock": true}})
		text := string(r.Plan.Format())
		if got := strings.Contains(text, "store Count") || strings.Contains(text, "answer"); got != c.want {
			t.Errorf("%+v, a sample of one in %d: the plan is\n%s", c, r.Sample, text)
		}
		if calls := Value(plan.Calls, r.After); c.want == (calls > 0.8) {
			t.Errorf("%+v: %.2f calls for each request", c, calls)
		}
		if (r.Sample > 1) != (c.requests > 10_000) {
			t.Errorf("%+v: a sample of one in %d", c, r.Sample)
		}
	}
}

// Flows that read and write data of one name are replayed together, others apart.
func TestPartsByData(t *testing.T) {
	graphs := map[graph.FlowName]*graph.Graph{}
	for _, text := range []string{stock, sale, strings.NewReplacer("shop.Stock", "shop.Likes", "stock:", "likes:").Replace(stock)} {
		g, err := graph.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		graphs[g.Flow] = g
	}
	all := parts(graphs, &sim.Trace{})
	if len(all) != 2 || len(all[0].flows) != 1 || !all[0].flows["example.com/shop.Likes"] || len(all[1].flows) != 2 {
		t.Errorf("%d parts, the first of %v", len(all), all[0].flows)
	}
}
