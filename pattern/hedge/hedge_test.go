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
		f.Seen[at.Node.ID] = seen(40*ms, 60*ms, 80*ms, 99*ms, 125*ms, 160*ms, 250*ms)
	}
	f.Seen["Even"] = seen(40*ms, 70*ms, 75*ms, 90*ms, 95*ms, 100*ms, 139*ms)
	f.Seen["Quick"] = seen(ms, 2*ms, 3*ms, 4*ms, 40*ms, 4900*time.Microsecond, time.Second)
	f.Seen["each.id/Near"] = seen(ms, 2*ms, 3*ms, 4*ms, 4*ms, 6100*time.Microsecond, 10*ms)
	delete(f.Seen, "Guess")
	var lines []string
	for _, c := range (hedge{}).Find(f) {
		lines = append(lines, c.Lines...)
	}
	want := "hedge Load after=80ms budget=15%; hedge Load after=160ms budget=5%; hedge each.id/Near after=7ms budget=5%"
	if got := strings.Join(lines, "; "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// seen is a node with these percentiles: 50, 80, 85, 90, 92, 95, 97.
func seen(took ...time.Duration) (s pattern.Seen) {
	s.Count = 100
	for i, p := range []int{50, 80, 85, 90, 92, 95, 97} {
		s.Percentiles[p] = took[i]
	}
	return s
}
