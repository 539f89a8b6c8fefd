package weather

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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

func TestWarmAsksForEveryTownUntilItIsAnswered(t *testing.T) {
	asked := map[string]int{}
	l := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if asked[r.URL.Path]++; r.URL.Path == "/b" && asked["/b"] < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	l.urls = []string{"/a", "/b", "/c", "/d"}
	l.day = &day{requests: []request{{0, 3}, {1, 0}, {2, 1}, {3, 0}, {4, 1}, {5, 2}}}
	if err := l.warm(slice{from: 1, to: 5}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(asked); got != "map[/a:1 /b:3]" {
		t.Errorf("asked for %s", got)
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
	if s.to > half || s.from >= s.to || d.requests[half].at-s.begin != costTime || d.requests[s.from].at < s.begin {
		t.Errorf("%+v; the second half begins at request %d, %v", s, half, d.requests[half].at)
	}
}
