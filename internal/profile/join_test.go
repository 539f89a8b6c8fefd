package profile

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// Runs of several traces come by arrival, whatever order each has them in, counted from the earliest begin.
func TestJoin(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	flows := []Flow{{"example.com/a.F", "flow"}}
	var sources []Source
	var want []time.Duration
	for i := range 4 {
		late := time.Duration(3-i) * time.Hour
		trace := &Trace{Service: "a", Began: began.Add(late), Cores: i, Flows: flows}
		for range 5000 {
			at := time.Duration(rng.Int64N(int64(time.Minute)))
			trace.Runs = append(trace.Runs, &Run{Flow: "example.com/a.F", At: at})
			want = append(want, at+late)
		}
		slices.SortFunc(trace.Runs, func(a, b *Run) int { return int(a.At - b.At) })
		for k := 0; k+maxBehind < len(trace.Runs); k += maxBehind + 1 { // as they ended: one took as long as many
			trace.Runs = slices.Insert(trace.Runs, k+maxBehind, trace.Runs[k])
			trace.Runs = slices.Delete(trace.Runs, k, k+1)
		}
		sources = append(sources, trace)
	}
	all, err := Join(sources...)
	if err != nil {
		t.Fatal(err)
	}
	if h := all.Head(); !h.Began.Equal(began) || h.Cores != 3 || len(h.Flows) != 1 || h.Service != "a" {
		t.Errorf("head %+v", h)
	}
	for range 2 { // as often as it is asked
		slices.Sort(want)
		var got []time.Duration
		for r, err := range all.Each() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r.At)
		}
		if !slices.Equal(got, want) {
			t.Fatal("runs are not in the order of their arrival")
		}
	}
	for range all.Each() { // and no further than it is wanted
		break
	}
}

func TestJoinOfStrangers(t *testing.T) {
	a := &Trace{Service: "a", Flows: []Flow{{"f", flow}}}
	if _, err := Join(a, &Trace{Service: "b"}); err == nil || !strings.Contains(err.Error(), "two services, a and b") {
		t.Errorf("two services: %v", err)
	}
	other := strings.Replace(flow, "volatile 1m", "volatile 2m", 1)
	if _, err := Join(a, &Trace{Service: "a", Flows: []Flow{{"f", other}}}); err == nil || !strings.Contains(err.Error(), "two versions of f, which differ first at step Load:") {
		t.Errorf("two versions: %v", err)
	}
	if _, err := Join(a, &Trace{Service: "a", Flows: []Flow{{"f", "none"}}}); err == nil || !strings.Contains(err.Error(), "the graph of f: ") {
		t.Errorf("no graph: %v", err)
	}
	moved := strings.Replace(flow, " -> (price err) err=err", " -> (price err) err=err @shop.go:99", 1)
	if all, err := Join(a, &Trace{Service: "a", Flows: []Flow{{"f", moved}}}); err != nil || len(all.Head().Flows) != 1 || moved == flow {
		t.Errorf("lines above the flow: %v", err)
	}
}

// A stream that breaks off is an error behind what it has.
func TestJoinOfACutStream(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, &Trace{Service: "a"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := w.Add(&Run{Flow: "f", At: time.Duration(i)}); err != nil {
			t.Fatal(err)
		}
	}
	text := b.Bytes()[:b.Len()-2]
	s, err := NewStream(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil })
	if err != nil {
		t.Fatal(err)
	}
	all, err := Join(s, &Trace{Service: "a", Runs: []*Run{{Flow: "f", At: 100}}})
	if err != nil {
		t.Fatal(err)
	}
	n, last := 0, error(nil)
	for _, err := range all.Each() {
		if last = err; err == nil {
			n++
		}
	}
	if n != 2 || last == nil || errors.Is(last, io.EOF) {
		t.Errorf("%d runs, then %v", n, last)
	}
}
