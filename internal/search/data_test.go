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

// shop is a trace in which each of a few products is counted and then sold, or another one is.
func shop(apart uint64) *profile.Trace {
	const products = 20
	t := &profile.Trace{Cores: 4, Flows: []profile.Flow{{Name: "example.com/shop.Stock", Graph: stock}, {Name: "example.com/shop.Sell", Graph: sale}}}
	for i := range uint64(2000) {
		id := i/2%products + 1
		if i%2 == 1 {
			id += apart
		}
		r := &profile.Run{At: time.Duration(i) * time.Second, Took: 10 * time.Millisecond, Params: []profile.Value{{Var: 1, Hash: id, Size: 8}}}
		step := profile.Visit{Node: 0, Took: 10 * time.Millisecond, Block: -1, Parts: []uint64{id}}
		if r.Flow = "example.com/shop.Sell"; i%2 == 0 {
			r.Flow, step.Sets = "example.com/shop.Stock", []profile.Value{{Var: 2, Hash: id, Size: 8}}
		}
		r.Visits = []profile.Visit{step, {Node: 1, Block: -1, Exit: 1}}
		t.Runs = append(t.Runs, r)
	}
	return t
}

// What is written before it is read again is not worth a store.
func TestStoresOfWhatIsWritten(t *testing.T) {
	for apart, want := range map[uint64]bool{0: false, 100: true} {
		r := find(t, Problem{Trace: shop(apart), Sole: map[string]bool{"stock": true}})
		text := string(r.Plan.Format())
		if got := strings.Contains(text, "store Count") || strings.Contains(text, "answer"); got != want {
			t.Errorf("products are sold %d beside those that are counted, and the plan is\n%s", apart, text)
		}
		if calls := Value(plan.Calls, r.After); want == (calls > 0.6) {
			t.Errorf("%d beside: %.2f calls for each request", apart, calls)
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
