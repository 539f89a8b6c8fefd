package sim

// Second tries of hedged steps, whose times nobody recorded.

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/tracetest"
)

// One call of Observe in twenty takes a second. A second try takes a time of its own, so that nearly all
// of those are over soon: were it the recorded one again, none would be.
func TestSecondTriesTakeTimesOfTheirOwn(t *testing.T) {
	trace := tracetest.WeatherTrace(tracetest.Zipf(4000, 200, 1), 5)
	observe := int32(2)
	for i, r := range trace.Runs {
		for k := range r.Visits {
			took := 10 * time.Millisecond
			if r.Visits[k].Node == observe && i%20 == 0 {
				took = time.Second
			}
			r.Visits[k].Took = took
		}
	}
	recorded := read(t, trace)
	if id := recorded.flows[flowName].inText[observe].ID; id != "Observe" {
		t.Fatalf("node %d is %s", observe, id)
	}
	calls := run(t, recorded, Options{Cores: 1000}).Calls["example.com/weather.Observe"]
	for _, c := range []struct {
		lines  string
		slow   int // requests of a hundred that still take a second, at most
		more   int // calls, per cent, at least
		atMost int
	}{
		{"", 6, 0, 0},
		{"hedge Observe after=50ms budget=20%", 1, 3, 6},
		{"hedge Observe after=50ms budget=1%", 5, 0, 1},
		{"hedge Observe after=5ms budget=5%", 6, 4, 5}, // of those nearly all are spent on fast ones
		{"store Locate\nhedge Observe after=50ms budget=20%\nparallel Observe Alerts", 1, 3, 6},
	} {
		var plans map[graph.FlowName]*graph.Graph
		if c.lines != "" {
			plans = planned(t, c.lines)
		}
		out := run(t, recorded, Options{Plans: plans, Cores: 1000})
		slow := 0
		for _, r := range out.Requests {
			if r.Took >= time.Second {
				slow++
			}
		}
		more := (out.Calls["example.com/weather.Observe"] - calls) * 100
		if slow*100 > c.slow*len(out.Requests) || more < c.more*calls || more > c.atMost*calls {
			t.Errorf("%q: %d of %d requests are slow, with %d calls more than %d", c.lines, slow, len(out.Requests), more/100, calls)
		}
		if again := run(t, recorded, Options{Plans: plans, Cores: 1000}); !reflect.DeepEqual(out, again) {
			t.Errorf("%q: one seed draws two times", c.lines)
		}
	}
}

// The times of second tries depend on the seed, and on nothing else.
func TestDrawsOfSecondTriesAreSeeded(t *testing.T) {
	trace := tracetest.WeatherTrace(tracetest.Zipf(2000, 50, 1), 5)
	recorded := read(t, trace)
	plans := planned(t, "hedge Observe after=1ms budget=100%")
	took := func(seed uint64) (all []time.Duration) {
		for _, r := range run(t, recorded, Options{Plans: plans, Seed: seed}).Requests {
			all = append(all, r.Took)
		}
		return all
	}
	if !slices.Equal(took(1), took(1)) || slices.Equal(took(1), took(2)) {
		t.Error("draws do not depend on the seed, or on more than that")
	}
}

// A call that stands for many visits is drawn as often as another one.
func TestCallsAreDrawnOnce(t *testing.T) {
	u, n := newUsual(), &node{Node: &graph.Node{}}
	for _, call := range []uint64{3, 3, 3, 0, 0, 4} {
		u.learn(n, &visited{Visit: &profile.Visit{Took: time.Duration(call), Call: call}})
	}
	if got := u.nodes[0].ended.all; !slices.Equal(got, []time.Duration{3, 0, 0, 4}) {
		t.Errorf("times %v", got)
	}
}
