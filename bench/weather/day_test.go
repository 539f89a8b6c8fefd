package weather

import (
	"testing"
	"time"
)

func TestDaysAreInOrderAndRanked(t *testing.T) {
	t.Setenv("FLUXO_TRACES", "")
	for _, name := range []string{"epa", "busy", "erddap", "web07"} {
		d, err := theDay(name, 1)
		if err != nil {
			t.Fatal(err)
		}
		count := make([]int, d.towns)
		for i, r := range d.requests {
			if i > 0 && r.at < d.requests[i-1].at || r.at < 0 || r.at >= 24*time.Hour {
				t.Fatalf("%s: request %d arrives at %v, after %v", name, i, r.at, d.requests[i-1].at)
			}
			count[r.town]++
		}
		for i := range count {
			if count[i] == 0 || i > 0 && count[i] > count[i-1] {
				t.Fatalf("%s: town %d is asked for %d times, the one before %d times", name, i, count[i], count[max(i-1, 0)])
			}
		}
		slices, half := d.slices(5, 1)
		if len(slices) != 5 {
			t.Fatalf("%s: %d slices", name, len(slices))
		}
		for i, s := range slices {
			if s.from < half || s.from >= s.to || i > 0 && s.begin < slices[i-1].begin+sliceTime+between {
				t.Errorf("%s: slice %d is %+v, after %+v; the second half begins at %d", name, i, s, slices[max(i-1, 0)], half)
			}
			if first := d.requests[s.from].at; first < s.begin || s.from > 0 && d.requests[s.from-1].at >= s.begin {
				t.Errorf("%s: slice %d begins at %v, and its first request is at %v", name, i, s.begin, first)
			}
		}
	}
	if _, err := theDay("doomsday", 1); err == nil {
		t.Error("a day that nobody knows is found")
	}
}
