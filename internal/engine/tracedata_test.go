package engine_test

// Traces of flows that read and write named data, replayed by package sim.

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/sim"
)

// A market is flows of which each reads or writes named data, by keys of up to two parts, and requests for them.
type market struct {
	data map[string][]graph.DataKey // of the flows, by name: those that read are called R
	asks []marketAsk
}

type marketAsk struct {
	flow, arg string
	after     time.Duration // the one before
	elsewhere bool          // the flow's step is called by what is no flow
}

// part has the value of a part of a key: an argument is "shop/item".
func part(arg string) func(id string) string {
	shop, item, _ := strings.Cut(arg, "/")
	return func(id string) string { return map[string]string{"a": shop, "b": item}[id] }
}

func newMarket(seed uint64, elsewhere bool) *market {
	rng := rand.New(rand.NewPCG(seed, 0x6d))
	kinds := [][]string{nil, nil, {"a"}, {"a"}, {"b"}, {"a", "b"}, {"a", "b"}, {"a", "b"}, {"=de"}, {"=de", "b"}}
	shops, items := strings.Fields("de de de fr fr it it ?"), strings.Fields("1 1 1 2 2 2 3 3 4 ?")
	m := &market{data: map[string][]graph.DataKey{}}
	var names []string
	for i, kind := range []string{"R", "R", "R", "W", "W", "W"} {
		name := fmt.Sprint(kind, i)
		names = append(names, name)
		for range 1 + rng.IntN(2) {
			m.data[name] = append(m.data[name], graph.DataKey{Name: []string{"stock", "stock", "likes"}[rng.IntN(3)], Parts: kinds[rng.IntN(len(kinds))]})
		}
	}
	for range 500 {
		name := names[rng.IntN(3)]
		if rng.IntN(16) == 0 {
			name = names[3+rng.IntN(3)]
		}
		shop, item := shops[rng.IntN(len(shops))], items[rng.IntN(len(items))]
		m.asks = append(m.asks, marketAsk{name, shop + "/" + item, time.Duration(rng.IntN(int(20 * time.Millisecond))), elsewhere && name[0] == 'W' && rng.IntN(4) > 0})
	}
	return m
}

// reads counts the requests that read.
func (m *market) reads() (n int) {
	for _, a := range m.asks {
		if a.flow[0] == 'R' {
			n++
		}
	}
	return n
}

// body is that of a flow. What is read may be stored.
func (m *market) body(name string, stored bool) string {
	keep, kept := "", ""
	if stored && name[0] == 'R' {
		keep, kept = "stored kept {\n", "}\n"
	}
	words := map[byte]string{'R': "reads", 'W': "writes"}[name[0]]
	for _, d := range m.data[name] {
		words += " " + d.String()
	}
	if name[0] == 'R' {
		words += "; volatile 1h" // what is volatile, too, is not audited by chance
	}
	return "step Shop s.Shop (ctx arg) -> (a) {pure}\nstep Item s.Item (ctx arg) -> (b) {pure}\n" +
		keep + "step Use s." + name + " (ctx arg a b) -> (c) {" + words + "}\n" + kept +
		"result return (c) -> (out.0 out.1) exit=return"
}

// steps are those of all flows. What they write they tell from what they are given, as emitted code does.
func (m *market) steps() map[string]stepFunc {
	steps := map[string]stepFunc{}
	for id, name := range map[string]string{"a": "Shop", "b": "Item"} {
		steps[name] = func(_ context.Context, arg string) (string, error) { return part(arg)(id), nil }
	}
	for name, data := range m.data {
		acts := &engine.Acts{Step: "s." + name}
		for _, d := range data {
			if name[0] == 'W' {
				acts.Writes = append(acts.Writes, d.Name)
			}
		}
		steps[name] = func(ctx context.Context, arg string) (out string, err error) {
			k := kitOf(ctx)
			acts.Engine = k.engine
			keys := func() (keys []engine.DataKey) {
				for _, d := range data {
					keys = append(keys, keyOf(d, part(arg)))
				}
				return keys
			}
			err = acts.Do(ctx, keys, func(ctx context.Context) error { return k.nap(ctx, time.Duration(len(name+arg))*time.Millisecond) })
			return name + arg, err
		}
	}
	return steps
}

// run has all requests run by plans, and returns how long each took, but for what is no request.
func (m *market) run(k *kit, plans map[string]*engine.Plan) []time.Duration {
	took, over, left := make([]time.Duration, len(m.asks)), k.NewGate(), len(m.asks)
	for i, a := range m.asks {
		k.Sleep(nil, a.after)
		k.Go(func() {
			began := k.since()
			if took[i] = -1; a.elsewhere {
				k.call("s."+a.flow, background, a.arg)
			} else {
				k.run(plans[a.flow], background, a.arg)
				took[i] = k.since() - began
			}
			if left--; left == 0 {
				over.Open()
			}
		})
	}
	over.Wait(nil)
	return slices.DeleteFunc(took, func(d time.Duration) bool { return d < 0 })
}

// recorded runs the requests as written.
func (m *market) recorded(t *testing.T, seed uint64) (trace *profile.Trace, took []time.Duration) {
	trace = &profile.Trace{Cores: 64}
	oneSeed(t, seed, m.steps(), func(k *kit) {
		plans, j, seen := map[string]*engine.Plan{}, k.engine.NewTrail(), int64(0)
		for name := range m.data {
			g, p := k.probe(name, m.body(name, false), nil)
			p.NoteTo(func(r *profile.Run) {
				r.Writes, seen = j.Elsewhere(seen)
				trace.Runs = append(trace.Runs, r)
			})
			trace.Flows = append(trace.Flows, profile.Flow{Name: g.Flow, Graph: g.String()})
			plans[name] = p
		}
		took = m.run(k, plans)
	})
	slices.SortStableFunc(trace.Runs, func(a, b *profile.Run) int { return cmp.Compare(a.At, b.At) })
	return trace, took
}

// stored runs them with what is read stored, and returns which graphs that were.
func (m *market) stored(t *testing.T, seed uint64) (planned map[graph.FlowName]*graph.Graph, took []time.Duration, calls map[string]int) {
	planned = map[graph.FlowName]*graph.Graph{}
	oneSeed(t, seed, m.steps(), func(k *kit) {
		plans := map[string]*engine.Plan{}
		for name := range m.data {
			src, g := k.source(name, m.body(name, true))
			p, err := k.engine.Compile(src, g, func(graph.FlowName) bool { return false })
			if err != nil {
				t.Fatal(err)
			}
			plans[name], planned[g.Flow] = p, g
		}
		took, calls = m.run(k, plans), k.calls
	})
	return planned, took, calls
}

// What is recorded as written is read as often in a replay under a plan that stores it as it is by the engine, and takes as long,
// whoever writes it. Only where two keys fall on one stripe, in one of the two, it may be read once more. Where the trace is read again
// for each replay, what was written elsewhere comes with the next request, so that one under way may have met it a little earlier.
func TestReplayOfWrites(t *testing.T) {
	for _, elsewhere := range []bool{false, true} {
		const markets = 60
		same, reads, calls := 0, 0, 0
		for seed := range uint64(markets) {
			m := newMarket(seed, elsewhere)
			trace, written := m.recorded(t, seed)
			read, err := sim.Read(trace)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := replayedWrites(t, read, nil); !slices.Equal(got, written) {
				t.Fatalf("seed %d: as written requests took %v, the replay says %v", seed, written, got)
			}
			planned, took, made := m.stored(t, seed)
			got, said := replayedWrites(t, read, planned)
			again, saidAgain := replayedWrites(t, read.From(trace), planned)
			all := slices.Equal(got, took)
			if !elsewhere && !slices.Equal(again, got) {
				t.Errorf("seed %d: the trace, read again, comes to other times", seed)
			}
			for name := range m.data {
				if name[0] == 'R' {
					calls += made["s."+name]
					all = all && said["s."+name] == made["s."+name]
					if more := saidAgain["s."+name] - said["s."+name]; max(more, -more) > 1 {
						t.Errorf("seed %d: %s is read %d times more if the trace is read again", seed, name, more)
					}
				}
			}
			reads += m.reads()
			if all {
				same++
			} else {
				t.Logf("seed %d: calls %v, the replay says %v\n%v", seed, made, said, m.data)
			}
		}
		t.Logf("%d markets of %d are the same, %d calls for %d requests", same, markets, calls, reads)
		if same < markets*9/10 || calls < reads/4 || calls > reads*3/4 {
			t.Errorf("%d markets of %d are the same in the replay, %d calls for %d requests", same, markets, calls, reads)
		}
	}
}

func replayedWrites(t *testing.T, trace *sim.Trace, planned map[graph.FlowName]*graph.Graph) (took []time.Duration, calls map[string]int) {
	t.Helper()
	out, err := sim.Run(trace, sim.Options{Plans: planned})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range out.Requests {
		took = append(took, r.Took)
	}
	return took, out.Calls
}

// What is recorded under a plan has the keys that it would have as written.
func TestTrailsHaveDataKeys(t *testing.T) {
	for seed := range uint64(10) {
		m := newMarket(seed, false)
		written, _ := m.recorded(t, seed)
		var trail []*profile.Run
		oneSeed(t, seed, m.steps(), func(k *kit) {
			plans, j := map[string]*engine.Plan{}, k.engine.NewTrail()
			for name := range m.data {
				plans[name] = k.recorded(j, name, m.body(name, true), &trail)
			}
			m.run(k, plans)
			k.nap(background, time.Minute)
		})
		slices.SortStableFunc(trail, func(a, b *profile.Run) int { return cmp.Compare(a.At, b.At) })
		for i, r := range written.Runs {
			if want := r.Visits[2].Parts; i >= len(trail) || trail[i].Flow != r.Flow || !slices.Equal(trail[i].Visits[2].Parts, want) {
				t.Fatalf("seed %d, run %d of %d: it has not the parts %x of %s", seed, i, len(trail), want, r.Flow)
			}
		}
	}
}
