package weather

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/internal/profile"
)

// answering returns an arm whose service is h, and whose providers answer anything.
func answering(t *testing.T, h http.HandlerFunc) *aliveArm {
	service := httptest.NewServer(h)
	t.Cleanup(service.Close)
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	t.Cleanup(provider.Close)
	at := func(s *httptest.Server) *command.Server {
		return &command.Server{Addr: strings.TrimPrefix(s.URL, "http://")}
	}
	return &aliveArm{arm: &arm{}, http: http.DefaultClient, service: at(service), provider: at(provider)}
}

// The runs of towns are those of their requests, in whatever order they arrived.
func TestAroundFlows(t *testing.T) {
	const ms = time.Millisecond
	of := func(town uint64, took time.Duration) *profile.Run {
		return &profile.Run{Params: []profile.Value{{Var: 1, Hash: 100 + town}}, Took: took}
	}
	templates := &profile.Trace{Runs: []*profile.Run{of(0, 0), of(1, 0), of(2, 0)}}
	requests := []request{{0, 1}, {1, 0}, {2, 1}, {3, 2}}
	answers := []answer{{took: 50 * ms}, {took: 3 * ms}, {took: 2 * ms}, {took: 9 * ms, failed: true}}
	runs := []*profile.Run{of(0, 0), of(1, 49*ms), of(2, 8*ms), of(1, 0)}
	got, err := aroundFlows(requests, answers, runs, templates)
	if err != nil || !slices.Equal(got.kept, []time.Duration{3 * ms, 2 * ms}) || !slices.Equal(got.waited, []time.Duration{ms}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := aroundFlows(requests, answers, runs[1:], templates); err == nil {
		t.Error("a request without a run is no error")
	}
}

func TestAskGivesUp(t *testing.T) {
	for _, test := range []struct{ status, tries int }{{http.StatusServiceUnavailable, maxTries}, {http.StatusNotFound, 1}} {
		l := answering(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(test.status) })
		tries := 0
		err := l.ask("/a", func() error { tries++; return nil })
		if err == nil || tries != test.tries {
			t.Errorf("status %d: %v after %d tries, want an error after %d", test.status, err, tries, test.tries)
		}
	}
}

func TestRehearsalIsOfTheFirstHalf(t *testing.T) {
	t.Setenv("FLUXO_TRACES", "")
	d, err := theDay("epa", 1)
	if err != nil {
		t.Fatal(err)
	}
	s, half := d.rehearsal(), len(d.requests)/2
	if s.to > half || s.from >= s.to || d.requests[half].at-s.begin != sliceTime || d.requests[s.from].at < s.begin {
		t.Errorf("%+v; the second half begins at request %d, %v", s, half, d.requests[half].at)
	}
}
