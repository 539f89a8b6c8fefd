package width

import (
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

// A flow that asks for each name of a list.
const list = `flow example.com/shop.List
param ctx context context.Context
param names data []string key copy
var items data []Item key copy
result out.0 data []Item key copy
var name data string key copy scope=each.names
var item data Item key copy scope=each.names
body {
	each each.names (names) -> (name) {
		step each.names/Item example.com/shop.Item (ctx name) -> (item) {reads items}
		glue each.names/append (items item) -> (items)
	}
	result return (items) -> (out.0) exit=return
}
`

func find(t *testing.T, loops, items int, mean time.Duration) string {
	t.Helper()
	g, err := graph.Parse(list)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range (width{}).Find(&pattern.Flow{Graph: g, Seen: map[graph.NodeID]pattern.Seen{
		"each.names":        {Count: loops, Mean: mean * time.Duration(items)},
		"each.names/Item":   {Count: items, Mean: mean},
		"each.names/append": {Count: items, Mean: 100 * time.Nanosecond},
	}}) {
		lines = append(lines, c.Lines...)
	}
	return strings.Join(lines, "; ")
}

func TestWidths(t *testing.T) {
	for _, c := range []struct {
		loops, items int
		mean         time.Duration
		want         string
	}{
		{10, 300, 20 * time.Millisecond, "parallel each.names/Item ahead=29; parallel each.names/Item ahead=59"},
		{10, 25, time.Millisecond, "parallel each.names/Item ahead=2; parallel each.names/Item ahead=4"},
		{1, 1000, time.Millisecond, "parallel each.names/Item ahead=64"}, // bounded
		{10, 10, time.Millisecond, "parallel each.names/Item ahead=1"},   // of one element, and now and then of more
		{10, 300, time.Microsecond, ""}, // not worth it
		{0, 0, 0, ""},                   // nobody came by
	} {
		if got := find(t, c.loops, c.items, c.mean); got != c.want {
			t.Errorf("%d loops, %d items of %v: %q, want %q", c.loops, c.items, c.mean, got, c.want)
		}
	}
}

// The pattern is one of those that a planner asks.
func TestRegistered(t *testing.T) {
	for _, p := range pattern.All() {
		if p.Name() == "width" {
			return
		}
	}
	t.Error("an import of the package does not make the pattern known")
}
