package profile

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
)

// summed is the profile of some runs.
func summed(t *testing.T, runs ...*Run) *Profile {
	t.Helper()
	s := NewSummary("example.com/shop", time.Unix(1e9, 0).UTC(), func(graph.FlowName) string { return flow })
	for _, r := range runs {
		if err := s.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return s.Profile(time.Unix(1e9+60, 0).UTC(), time.Minute)
}

func TestProfilesAsFiles(t *testing.T) {
	call := run(3, 7, 1)
	call.Visits[0].Run = run(4, 0, 2)
	want := summed(t, run(1, 0, 10, 20, 31), run(1, 5*time.Second, 10), call)
	f := want.Flows[0]
	if f.Runs != 4 || f.Asked.Distinct() != 3 || f.Asked.Reuse.Count() != 1 || len(f.Nodes) != 5 || f.Nodes[2].Node != "each.items/Price" || f.Nodes[2].Failures != 3 {
		t.Errorf("%+v", f)
	}
	var b bytes.Buffer
	if err := want.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := ReadProfile(bytes.NewReader(b.Bytes()))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	// What was counted is not counted again in what is read.
	if err := got.Merge(summed(t, run(9, 0, 10))); err != nil || got.Flows[0].Runs != 5 || want.Flows[0].Runs != 4 || got.Processes != 2 || got.Observed != 2*time.Minute {
		t.Errorf("%+v, %v", got, err)
	}
}

// A run of another version of the source is refused, and not counted.
func TestSummaryOfAnotherVersion(t *testing.T) {
	for name, spoil := range map[string]func(*Run){
		"node": func(r *Run) { r.Visits[0].Node = 99 }, "variable": func(r *Run) { r.Visits[0].Sets[0].Var = -1 }, "parameter": func(r *Run) { r.Params[0].Var = 99 },
	} {
		s := NewSummary("s", time.Time{}, func(graph.FlowName) string { return flow })
		r := run(1, 0, 10)
		spoil(r)
		if err := s.Add(r); err == nil {
			t.Errorf("%s: no error", name)
		}
		if f := s.Profile(time.Time{}, 0).Flows[0]; f.Runs != 0 || len(f.Nodes) != 0 {
			t.Errorf("%s: counted %+v", name, f)
		}
	}
}

func FuzzReadProfile(f *testing.F) {
	var b bytes.Buffer
	s := NewSummary("s", time.Time{}, func(graph.FlowName) string { return flow })
	if err := s.Add(run(1, 0, 1, 2)); err != nil {
		f.Fatal(err)
	}
	if err := s.Profile(time.Time{}, 0).Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadProfile(bytes.NewReader(data))
		if err != nil {
			return
		}
		if err := new(Profile).Merge(p); err != nil {
			t.Fatal(err)
		}
	})
}
