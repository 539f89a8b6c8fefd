package refresh

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
	step Load shop.Load (ctx id) -> (a) {volatile 10m}
	step Exact shop.Exact (ctx id) -> (b) {reads posts}
	step Never shop.Never (ctx id) -> (b) {volatile 0}
	step Rare shop.Rare (ctx id) -> (b) {volatile 1m}
	step Near shop.Near (ctx id) -> (b) {reads posts within=1m; volatile 10m}
	result return (a b) -> (out.0) exit=return
}
`

// What expires by its age, takes a while, and is asked for again.
func TestFind(t *testing.T) {
	g, err := graph.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	f := &pattern.Flow{Graph: g, Seen: map[graph.NodeID]pattern.Seen{}}
	for at := range g.Places() {
		f.Seen[at.Node.ID] = pattern.Seen{Count: 100, Distinct: 10, Mean: time.Second}
	}
	f.Seen["Rare"] = pattern.Seen{Count: 100, Distinct: 100, Mean: time.Second}
	f.Seen["Near"] = pattern.Seen{Count: 100, Distinct: 10, Mean: 2 * time.Millisecond}
	var lines []string
	for _, c := range (refresh{}).Find(f) {
		lines = append(lines, c.Lines...)
	}
	want := "store Load refresh=50%; store Load refresh=70%; store Load refresh=90%; store Load..Rare refresh=50%; store Load..Near refresh=50%; " +
		"store Near refresh=50%; store Near refresh=70%; store Near refresh=90%"
	if got := strings.Join(lines, "; "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if life := f.Life(g.Body.Nodes[4]); life != time.Minute {
		t.Errorf("what may be used for a minute and for ten may be used for %v", life)
	}
}
