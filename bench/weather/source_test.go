package weather

import (
	"slices"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

func TestWhatIsCaughtUpWithTakesNoTime(t *testing.T) {
	d := &day{requests: make([]request, 6)}
	templates := &profile.Trace{Runs: []*profile.Run{{Visits: []profile.Visit{{Node: 0, Took: 1}}}}}
	costs := &profile.Trace{Runs: []*profile.Run{{Visits: []profile.Visit{{Node: 0, Took: 10}}}}}
	took := func(r *recorded) (out []time.Duration) {
		for run := range r.Each() {
			out = append(out, run.Took)
		}
		return out
	}
	all := asRecorded(d, 6, templates, costs, 1)
	if got := took(all.catchingUp([][]slice{{{from: 1, to: 2}}, {{from: 3, to: 5}}})); !slices.Equal(got, []time.Duration{1, 10, 1, 10, 10, 1}) {
		t.Errorf("requests of slices 1 and 3 to 4 are slow, all take %v", got)
	}
	if got := took(all); !slices.Equal(got, []time.Duration{10, 10, 10, 10, 10, 10}) {
		t.Errorf("nothing is caught up with, all take %v", got)
	}
}

func TestTimesAndFailuresAreThoseRecorded(t *testing.T) {
	const requests = 4000
	d := &day{}
	for i := range requests {
		d.requests = append(d.requests, request{time.Duration(i), int32(i % 2)})
	}
	town := func(hash uint64) *profile.Run {
		return &profile.Run{Visits: []profile.Visit{
			{Node: 0, Took: 1, Sets: []profile.Value{{Var: 1, Hash: hash}, {Var: 2}}}, {Node: 1, Took: 1}, {Node: 2, Took: 1}}}
	}
	templates := &profile.Trace{Runs: []*profile.Run{town(7), town(8)}}
	broken := []profile.Value{{Var: 1}, {Var: 2, Hash: 1}}
	costs := &profile.Trace{Runs: []*profile.Run{
		{Visits: []profile.Visit{{Node: 0, Took: 10}, {Node: 1, Took: 100}}},
		{Visits: []profile.Visit{{Node: 0, Took: 20}, {Node: 1, Took: 200}}},
		{Visits: []profile.Visit{{Node: 0, Took: 30}, {Node: 1, Took: 300}}},
		{Visits: []profile.Visit{{Node: 0, Took: 40, Kind: "unavailable", Sets: broken}}},
	}}
	n, failed := 0, 0
	times := map[time.Duration]int{}
	for run, err := range asRecorded(d, requests, templates, costs, 1).Each() {
		if err != nil {
			t.Fatal(err)
		}
		first, second, third := run.Visits[0], run.Visits[1], run.Visits[2]
		times[first.Took]++
		took := first.Took + second.Took + third.Took
		sets := templates.Runs[n%2].Visits[0].Sets
		if first.Kind != "" {
			failed++
			took, sets = first.Took, broken
		}
		if first.Kind != "" != (first.Took == 40) || !slices.Equal(first.Sets, sets) || run.Took != took || third.Took != 1 || second.Kind != "" {
			t.Fatalf("request %d: %+v", n, run)
		}
		n++
	}
	if n != requests || failed < requests/5 || failed > requests*3/10 || len(times) != 4 {
		t.Errorf("%d of %d requests fail, want a quarter; times %v", failed, n, times)
	}
	if v := templates.Runs[0].Visits[0]; v.Took != 1 || v.Kind != "" || v.Sets[0].Hash != 7 {
		t.Errorf("the template became %+v", v)
	}
}
