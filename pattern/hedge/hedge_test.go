package hedge

import (
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

const page = `flow shop.Page
param ctx context context.Context
param id data string key copy
var a data string key copy
var b data string key copy
result out.0 data string key copy
body {
	step Load shop.Load (ctx id) -> (a) {reads posts}
	step Guess shop.Guess (ctx id) -> (b) {volatile 0}
	step Even shop.Even (ctx id) -> (b) {volatile 1m}
	step Pay shop.Pay (ctx id) -> (b) {effect}
	step Ask shop.Ask (ctx id) -> (b)
	step Quick shop.Quick (ctx id) -> (b) {volatile 1m}
	each each.id (id) -> () {
		step each.id/Rate shop.Rate (ctx a) -> (b) {volatile 1m; observes}
		step each.id/Near shop.Near (ctx a) -> (b) {volatile 1m}
	}
	result return (a b) -> (out.0) exit=return
}
`

// What is slow now and then, and may be done twice.
func TestFind(t *testing.T) {
	g, err := graph.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	const ms = time.Millisecond
	f := &pattern.Flow{Graph: g, Seen: map[graph.NodeID]pattern.Seen{}}
	for at := range g.Places() {
		f.Seen[at.Node.ID] = pattern.Seen{Count: 100, P95: 123456 * time.Microsecond, P99: time.Second}
	}
	f.Seen["Even"] = pattern.Seen{Count: 100, P95: 100 * ms, P99: 140 * ms}
	f.Seen["Quick"] = pattern.Seen{Count: 100, P95: 4 * ms, P99: time.Second}
	f.Seen["each.id/Near"] = pattern.Seen{Count: 100, P95: 6100 * time.Microsecond, P99: 10 * ms}
	delete(f.Seen, "Guess")
	var lines []string
	for _, c := range (hedge{}).Find(f) {
		lines = append(lines, c.Lines...)
	}
	want := "hedge Load after=130ms; hedge Load after=250ms; hedge each.id/Near after=7ms"
	if got := strings.Join(lines, "; "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
