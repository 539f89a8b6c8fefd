package chain

import (
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

// A flow that asks twice for each name of a list.
const list = `flow example.com/shop.List
param ctx context context.Context
param names data []string key copy
var name data string key copy scope=each.names
var id data int key copy scope=each.names
var item data Item key copy scope=each.names
var items data []Item key copy
result out.0 data []Item key copy
body {
	each each.names (names) -> (name) {
		step each.names/Number example.com/shop.Number (ctx name) -> (id) {volatile 1m}
		step each.names/Item example.com/shop.Item (ctx id) -> (item) {volatile 1m}
		glue each.names/append (items item) -> (items)
	}
	result return (items) -> (out.0) exit=return
}
`

func find(t *testing.T, number, item time.Duration) string {
	t.Helper()
	g, err := graph.Parse(list)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range (chain{}).Find(&pattern.Flow{Graph: g, Seen: map[graph.NodeID]pattern.Seen{
		"each.names":        {Count: 10},
		"each.names/Number": {Count: 100, Mean: number},
		"each.names/Item":   {Count: 100, Mean: item},
		"each.names/append": {Count: 100, Mean: time.Second}, // which waits for nothing outside
	}}) {
		lines = append(lines, c.Lines...)
	}
	return strings.Join(lines, "; ")
}

func TestChains(t *testing.T) {
	const both = "parallel each.names/Number..each.names/Item ahead=4; parallel each.names/Number..each.names/Item ahead=16"
	if got := find(t, time.Millisecond, 20*time.Millisecond); got != both {
		t.Errorf("two slow calls: %q", got)
	}
	if got := find(t, time.Microsecond, 20*time.Millisecond); got != "" {
		t.Errorf("one slow call is no chain: %q", got)
	}
	if got := find(t, 0, 0); got != "" {
		t.Errorf("calls that nobody saw: %q", got)
	}
}

// The pattern is one of those that a planner asks.
func TestRegistered(t *testing.T) {
	for _, p := range pattern.All() {
		if p.Name() == "chain" {
			return
		}
	}
	t.Error("an import of the package does not make the pattern known")
}
