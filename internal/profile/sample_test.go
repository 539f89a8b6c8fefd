package profile

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"
)

// A source that is too large for memory is sampled by content: all runs of a content or none.
func TestSampleOf(t *testing.T) {
	var runs []*Run
	contents := map[uint64]int{}
	for i := range 40_000 {
		id := uint64(i*i) % 977
		contents[id]++
		runs = append(runs, run(id, time.Duration(i)))
	}
	whole, err := SampleOf(trace(runs...), 50_000)
	if err != nil || whole.Of != 1 || len(whole.Runs) != 40_000 {
		t.Fatalf("of 40,000 runs 50,000 may be kept, and %d of one in %d are: %v", len(whole.Runs), whole.Of, err)
	}
	part, err := SampleOf(trace(runs...), 5000)
	if err != nil || part.Whole != 40_000 || part.Of < 8 || len(part.Runs) > 5000 || len(part.Runs) < 1250 {
		t.Fatalf("%d runs of %d, one content in %d: %v", len(part.Runs), part.Whole, part.Of, err)
	}
	if len(part.Asked) != 1 || part.Asked[runs[0].Flow] != 40_000 {
		t.Errorf("flows were asked for %v times", part.Asked)
	}
	kept := 0
	for _, r := range runs {
		if part.Has(r) {
			kept++
		}
	}
	if kept != len(part.Runs) {
		t.Errorf("%d runs are said to be in a sample of %d", kept, len(part.Runs))
	}
	got := map[uint64]int{}
	for _, r := range part.Runs {
		got[r.Params[len(r.Params)-1].Hash]++
	}
	if len(got) > 977*2/part.Of {
		t.Errorf("%d contents of 977, one in %d", len(got), part.Of)
	}
	for i, r := range runs {
		if h := r.Params[len(r.Params)-1].Hash; got[h] > 0 && i < 977 {
			n := 0
			for _, o := range runs {
				if o.Params[len(o.Params)-1].Hash == h {
					n++
				}
			}
			if n != got[h] {
				t.Fatalf("of content %d %d runs are in the sample, of %d", h, got[h], n)
			}
		}
	}
}

// Of one content there is no part that has every run of it.
func TestSampleOfOneContent(t *testing.T) {
	var runs []*Run
	for i := range 40_000 {
		runs = append(runs, run(7, time.Duration(i)))
	}
	part, err := SampleOf(trace(runs...), 5000)
	if err != nil || !part.Cut || len(part.Runs) != 5000 || part.Of != 1 || part.Whole != 40_000 {
		t.Errorf("%d of %d runs, one content in %d, cut %v: %v", len(part.Runs), part.Whole, part.Of, part.Cut, err)
	}
}

func TestStreamAsSource(t *testing.T) {
	data := stream(t, trace(run(1, 1), run(2, 2)))
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
	s, err := NewStream(open)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		n := 0
		for _, err := range s.Each() {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 2 {
			t.Errorf("%d runs, want 2", n)
		}
	}
	data = data[:len(data)-2]
	var last error
	for _, err := range s.Each() {
		last = err
	}
	if last == nil {
		t.Error("a stream that is cut off has no error at its end")
	}
	if _, err := NewStream(func() (io.ReadCloser, error) { return nil, errors.New("gone") }); err == nil {
		t.Error("a source without a stream")
	}
}
