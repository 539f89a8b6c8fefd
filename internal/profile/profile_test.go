package profile

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
)

const flow = `flow example.com/shop.Page
param ctx context context.Context
param id data int key copy
var items data []Item key copy
var it data Item key copy scope=each.items
var price data Price key copy scope=each.items
var err error error key copy scope=each.items
result out.0 data Page key copy
body {
	step Load example.com/shop.Load (ctx id) -> (items) {volatile 1m}
	each each.items (items) -> (it) {
		step each.items/Price example.com/shop.Price (ctx it) -> (price err) err=err {volatile 1m}
		fail each.items/Price.fail (err) -> () err=err exit=continue
	}
	result return (items) -> (out.0) exit=return
}
`

// run is a request for the page of a product with some items.
func run(id uint64, at time.Duration, items ...uint64) *Run {
	r := &Run{Flow: "example.com/shop.Page", At: at, Params: []Value{{Var: 0}, {Var: 1, Hash: id, Size: 8}}}
	r.Visits = append(r.Visits, Visit{Node: 0, Took: 10, Block: -1, Sets: []Value{{Var: 2, Hash: id * 31, Size: 80}}})
	for _, it := range items {
		kind := ""
		if it%5 == 0 {
			kind = "NotFound"
		}
		r.Visits = append(r.Visits,
			Visit{Node: 1, Block: 0, Sets: []Value{{Var: 3, Hash: it, Size: 8}}},
			Visit{Node: 2, Took: time.Duration(it), Block: -1, Kind: kind, Sets: []Value{{Var: 4, Hash: it * 7}, {Var: 5}}},
			Visit{Node: 3, Block: -1})
	}
	r.Visits = append(r.Visits, Visit{Node: 1, Took: 100, Block: -1}, Visit{Node: 4, Block: -1, Exit: 1})
	return r
}

func trace(runs ...*Run) *Trace {
	return &Trace{Service: "example.com/shop", Began: time.Unix(1e9, 0).UTC(), Cores: 2,
		Flows: []Flow{{"example.com/shop.Page", flow}}, Runs: runs}
}

// A call that stands for many visits counts once where calls are meant.
func TestStatsOfCalls(t *testing.T) {
	runs := []*Run{run(1, 0), run(1, 5), run(2, 9), run(2, 9), run(2, 11)}
	for i, call := range []struct {
		number uint64
		took   time.Duration
	}{{7, 10}, {7, 10}, {8, 30}, {7, 20}, {0, 40}} { // of another process the seventh
		runs[i].Visits[0].Call, runs[i].Visits[0].Took = call.number, call.took
	}
	all, err := trace(runs...).Summarize()
	if err != nil {
		t.Fatal(err)
	}
	s := all["example.com/shop.Page"]["Load"]
	if !reflect.DeepEqual(s.Calls, []time.Duration{10, 20, 30, 40}) || s.Mean() != 22 || s.Percentiles()[50] != 30 {
		t.Errorf("calls %v, mean %v, median %v", s.Calls, s.Mean(), s.Percentiles()[50])
	}
}

func TestStats(t *testing.T) {
	all, err := trace(run(1, 0, 10, 20, 31), run(1, 5, 10), run(2, 9)).Summarize()
	if err != nil {
		t.Fatal(err)
	}
	want := map[graph.NodeID]Stats{
		"Load":                  {Count: 3, Distinct: 2, Took: []time.Duration{10, 10, 10}},
		"each.items":            {Count: 3, Distinct: 2, Took: []time.Duration{100, 100, 100}},
		"each.items/Price":      {Count: 4, Distinct: 3, Failures: 3, Took: []time.Duration{10, 10, 20, 31}},
		"each.items/Price.fail": {Count: 4, Distinct: 1, Took: []time.Duration{0, 0, 0, 0}},
		"return":                {Count: 3, Distinct: 2, Took: []time.Duration{0, 0, 0}},
	}
	got := all["example.com/shop.Page"]
	for id, w := range want {
		w.Calls = w.Took // nobody says that they were fewer
		want[id] = w
	}
	for id, w := range want {
		if got[id] == nil || !reflect.DeepEqual(*got[id], w) {
			t.Errorf("%s: %+v, want %+v", id, got[id], w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d nodes, want %d", len(got), len(want))
	}
	if p := got["each.items/Price"]; p.Mean() != 71/4 || p.Percentiles()[50] != 20 {
		t.Errorf("mean %d, median %d", p.Mean(), p.Percentiles()[50])
	}
}

func TestStatsOfAnotherVersion(t *testing.T) {
	r := run(1, 0)
	r.Visits[0].Node = 99
	if _, err := trace(r).Summarize(); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("%v", err)
	}
}

func stream(t *testing.T, tr *Trace) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, tr)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range tr.Runs {
		if err := w.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// A head that is not as it was written is damaged, not one of another version.
func TestDamagedHead(t *testing.T) {
	whole := stream(t, trace(run(1, 0)))
	at := bytes.Index(whole, []byte(flow[:20]))
	if at < 0 {
		t.Fatal("the graph is not in the stream")
	}
	for i := range 20 {
		damaged := bytes.Clone(whole)
		damaged[at+i] ^= 1
		if _, err := NewReader(bytes.NewReader(damaged)); err == nil || !strings.Contains(err.Error(), "the trace is damaged") {
			t.Errorf("byte %d: %v", i, err)
		}
	}
}

// A stream of another version says so, and what to do.
func TestStreamOfAnotherVersion(t *testing.T) {
	older := bytes.Replace(stream(t, trace()), []byte(format), []byte(formatName+"1"), 1)
	if _, err := NewReader(bytes.NewReader(older)); err == nil || !strings.Contains(err.Error(), "another version of fluxo; record it anew") {
		t.Error(err)
	}
}

// One of which not even the head is whole.
func TestCutHead(t *testing.T) {
	whole := stream(t, trace())
	for n := 20; n < len(whole)-10; n++ {
		if _, err := NewReader(bytes.NewReader(whole[:n])); err == nil || !strings.Contains(err.Error(), "record anew") {
			t.Fatalf("%d bytes of %d: %v", n, len(whole), err)
		}
	}
}

// Nothing that was damaged is taken for a run.
func TestDamagedRuns(t *testing.T) {
	tr := trace(run(1, 0, 1, 2), run(2, 5), run(3, 7, 1))
	whole := stream(t, tr)
	for i := len(stream(t, trace())); i < len(whole); i++ {
		for bit := range 8 {
			damaged := bytes.Clone(whole)
			damaged[i] ^= 1 << bit
			got, err := Read(bytes.NewReader(damaged))
			if err == nil || got == nil || len(got.Runs) >= len(tr.Runs) || len(got.Runs) > 0 && !reflect.DeepEqual(got.Runs, tr.Runs[:len(got.Runs)]) {
				t.Fatalf("byte %d of %d, bit %d: %v, %d runs", i, len(whole), bit, err, len(got.Runs))
			}
		}
	}
}

func TestStreams(t *testing.T) {
	call := run(3, 7, 1)
	call.Visits[0].Run = run(4, 0, 2)
	want := trace(run(1, 0, 1, 2), run(2, 5), call)
	got, err := Read(bytes.NewReader(stream(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
}

// Whatever is cut off a stream, what is read is the beginning of it, with an error unless
// the cut lies between two runs.
func TestCutStreams(t *testing.T) {
	tr := trace(run(1, 0, 1, 2), run(2, 5))
	whole := stream(t, tr)
	clean := 0
	for n := range whole {
		got, err := Read(bytes.NewReader(whole[:n]))
		switch {
		case err == nil:
			clean++
		case got == nil:
			continue
		}
		if !reflect.DeepEqual(got.Runs, tr.Runs[:len(got.Runs)]) && len(got.Runs) > 0 {
			t.Fatalf("%d bytes: %+v", n, got.Runs)
		}
	}
	if clean > len(tr.Runs) {
		t.Errorf("%d cuts were no error, and there are %d runs", clean, len(tr.Runs))
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	w, err := NewWriter(&b, trace())
	if err != nil {
		f.Fatal(err)
	}
	if err := w.Add(run(1, 0, 1, 2)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(format))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, err := Read(bytes.NewReader(data)); err == nil {
			got.Summarize()
		}
	})
}

// A sample holds all runs of what it holds one of, and about its share of contents.
func TestSample(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var runs []*Run
	asked := map[uint64]int{}
	for i := range 20_000 {
		id := uint64(rng.IntN(4000))
		asked[id]++
		runs = append(runs, run(id, time.Duration(i)))
	}
	part := trace(runs...).Sample(8)
	kept := map[uint64]int{}
	for _, r := range part.Runs {
		kept[r.Params[1].Hash]++
	}
	for id, n := range kept {
		if n != asked[id] {
			t.Fatalf("content %d was asked for %d times, and %d times in the sample", id, asked[id], n)
		}
	}
	if share := float64(len(kept)) / float64(len(asked)); share < 0.1 || share > 0.15 {
		t.Errorf("the sample has %.3f of the contents, want about 1/8", share)
	}
}
