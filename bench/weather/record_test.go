package weather

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/bench/command"
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

func TestKeptAnswers(t *testing.T) {
	all := []answer{{took: time.Millisecond}, {took: 2 * time.Millisecond, failed: true}, {took: 5 * time.Millisecond}, {took: 4 * time.Millisecond}}
	if got := kept(all); !slices.Equal(got, []time.Duration{time.Millisecond, 4 * time.Millisecond}) {
		t.Errorf("%v", got)
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
	if s.to > half || s.from >= s.to || d.requests[half].at-s.begin != rehearsalTime || d.requests[s.from].at < s.begin {
		t.Errorf("%+v; the second half begins at request %d, %v", s, half, d.requests[half].at)
	}
}
