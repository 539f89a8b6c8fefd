package weather

import (
	"math/rand/v2"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/tracetest"
)

func TestClientsWaitAsWasMeasured(t *testing.T) {
	s := &study{kept: []time.Duration{1 * time.Millisecond, 2 * time.Millisecond}, waited: []time.Duration{3 * time.Millisecond, 4 * time.Millisecond}}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, test := range []struct{ took, low, high time.Duration }{
		{0, time.Millisecond, 2 * time.Millisecond},
		{time.Microsecond, 1001 * time.Microsecond, 2001 * time.Microsecond},
		{50 * time.Millisecond, 53 * time.Millisecond, 54 * time.Millisecond},
	} {
		seen := map[time.Duration]int{}
		for range 100 {
			seen[s.forClient(test.took, rng)]++
		}
		if len(seen) != 2 || seen[test.low] < 30 || seen[test.high] < 30 {
			t.Errorf("%v in the flow: clients wait %v", test.took, seen)
		}
	}
}

func TestNothingIsPredictedOfWhatNobodyMeasured(t *testing.T) {
	if err := (&study{day: &day{}}).foresee(nil); err == nil {
		t.Error("it is predicted how long clients wait")
	}
}

// A second try in a slice takes as long as calls do there, and not as long as those take that are caught up with.
func TestSecondTriesTakeTheirTime(t *testing.T) {
	const (
		requests = 400
		usual    = 10 * time.Millisecond
		steps    = 3 // nodes 0, 2 and 4; what lies between takes no time
		after    = 50 * time.Millisecond
		observe  = 2
	)
	templates := tracetest.WeatherTrace(make([]tracetest.Ask, 1), 1)
	for k := range templates.Runs[0].Visits {
		templates.Runs[0].Visits[k].Took = 1 // beside providers that answer at once
	}
	costs := tracetest.WeatherTrace(make([]tracetest.Ask, 100), 1)
	for i, run := range costs.Runs {
		for k := range run.Visits {
			switch v := &run.Visits[k]; {
			case v.Node == observe && i%10 == 0:
				v.Took = time.Second
			case v.Node%2 == 0 && v.Node < 2*steps:
				v.Took = usual
			default:
				v.Took = 0
			}
		}
	}
	s := &study{day: &day{name: "test"}, costs: costs, waited: []time.Duration{0}, kept: []time.Duration{0}, plan: "fluxo 1\n\nflow example.com/weather.Weather (\n\thedge Observe after=50ms budget=20%\n)\n"}
	for i := range requests {
		s.requests = append(s.requests, request{at: time.Duration(i) * time.Second})
	}
	s.lanes = [][]slice{{s.slice(requests/2*time.Second, requests/2*time.Second)}}
	if err := s.foresee(func(to int, seed uint64) *recorded { return asRecorded(s.day, to, templates, costs, seed) }); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, a := range s.predicted["planned"].answers[0] {
		switch {
		case a.took < steps*usual+time.Millisecond, a.took > time.Second:
		case a.took < steps*usual+after:
			t.Fatalf("a request whose step is tried again after %v takes %v, where steps take %v each", after, a.took, usual)
		default:
			tried++
		}
	}
	if tried == 0 {
		t.Error("nothing is tried twice")
	}
}
