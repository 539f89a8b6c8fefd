package command

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creack/pty"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/rt"
	"fluxo.dev/fluxo/rt/control"
)

// runsOf are n runs of a time each.
func runsOf(n, failed int64, took time.Duration) profile.RunStatistics {
	r := profile.RunStatistics{Count: n, Failed: failed}
	r.Took.Add(took, n)
	return r
}

// What is shown is what went on between two looks, not before.
func TestTopLines(t *testing.T) {
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	before := look{at: began.Add(time.Hour), state: &rt.State{}, statistics: &profile.Statistics{
		Windows: 10 * time.Second, Processor: time.Minute,
		Flows: []profile.FlowStatistics{{
			Flow: "example.com/shop.Item", Planned: true, Runs: runsOf(1000, 1000, time.Hour),
			Decisions: []profile.DecisionStatistics{{Verb: "store", Region: "Price", Line: "store Price", Hits: 5, Misses: 1000}},
		}},
	}}
	gain := &rt.Gain{With: &rt.Fared{Mean: 3 * time.Millisecond}, Without: &rt.Fared{Mean: 10 * time.Millisecond}}
	state := &rt.State{Decisions: []rt.DecisionState{{Flow: "example.com/shop.Item", Line: "pin store Price", Gain: gain}, {
		Flow: "example.com/shop.Item", Line: "parallel Price Stock", Gathering: &rt.Gathering{With: 40, Without: 12, Of: 100},
	}}}
	now := look{at: began.Add(time.Hour + 10*time.Second), state: state, statistics: &profile.Statistics{
		Service: "example.com/shop", Began: began, At: began.Add(time.Hour + 10*time.Second), Bytes: 3 << 20, Early: 3, MostEarly: 1024,
		Windows: 12 * time.Second, Processor: time.Minute + 5*time.Second,
		Flows: []profile.FlowStatistics{{
			Flow: "example.com/shop.Item", Planned: true, Runs: runsOf(1000, 1000, time.Hour),
			Decisions: []profile.DecisionStatistics{
				{Verb: "parallel", Region: "Stock", Line: "parallel Price Stock"},
				{Verb: "store", Region: "Price", Line: "store Price", Hits: 95, Misses: 1010, Entries: 7, Bytes: 2048},
			},
		}, {Flow: "example.com/shop.List", Written: runsOf(40, 10, 2*time.Millisecond)}},
	}}
	now.statistics.Flows[0].Runs.Merge(runsOf(100, 1, 10*time.Millisecond))
	got := strings.Join(topLines(before, now, "of the last 10 s"), "\n")
	want := `example.com/shop, up 1h0m; now 3.0MiB kept, 3 begun early; of the last 10 s, 0.50 processors

flow                    runs/s  share  mean      p50      p95      p99  failed
shop.List (as written)    20.0    67%   2ms      2ms      2ms      2ms   25.0%
shop.Item                 10.0    33%  10ms  10.22ms  10.22ms  10.22ms    1.0%

decision                  helps  saved/s       kept            gain a run
shop.Item store Price     90.0%      9.0  7, 2.0KiB                   7ms
shop.Item parallel Stock                             after 12 of 100 runs`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The whole of it on a terminal: drawn again and again, as wide as it is, until somebody leaves.
func TestTopOnATerminal(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "top.sock")
	t.Setenv(control.Environment, socket)
	control.Start()
	person, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer person.Close()
	defer terminal.Close()
	if err := pty.Setsize(person, &pty.Winsize{Rows: 5, Cols: 30}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	s := &running{"top", socket}
	go func() { done <- s.watch(context.Background(), console{in: terminal, out: terminal, err: terminal}) }()
	var shown bytes.Buffer
	read := func(until string) string {
		shown.Reset()
		part := make([]byte, 4096)
		for !strings.Contains(shown.String(), until) {
			n, err := person.Read(part)
			if err != nil {
				t.Fatalf("%v behind %q", err, shown.String())
			}
			shown.Write(part[:n])
		}
		return shown.String()
	}
	for range 2 { // drawn again
		_, frame, _ := strings.Cut(read("\x1b[J"), "\x1b[H")
		for i, line := range strings.Split(frame, "\r\n") {
			text := strings.NewReplacer("\x1b[K", "", "\x1b[J", "").Replace(line)
			if len([]rune(text)) > 30 || i > 4 {
				t.Errorf("line %d does not fit: %q", i, text)
			}
		}
	}
	if err := pty.Setsize(person, &pty.Winsize{Rows: 20, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	read("q leaves")
	if _, err := person.Write([]byte("q")); err != nil {
		t.Fatal(err)
	}
	read("\x1b[?1049l") // what stood there is back
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A service that ends while it is watched is an error, behind a terminal that is whole again.
func TestTopOfAServiceThatEnds(t *testing.T) {
	cut := serveSocket(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("{")) }))
	if _, err := cut.look(context.Background()); err == nil || !strings.Contains(err.Error(), "its statistics cannot be read") {
		t.Errorf("an answer that is cut off: %v", err)
	}
	person, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer person.Close()
	defer terminal.Close()
	var asked atomic.Int64
	s := serveSocket(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) > 2 { // one look at statistics and plan
			panic(http.ErrAbortHandler)
		}
		w.Write([]byte("{}"))
	}))
	done := make(chan error, 1)
	go func() { done <- s.watch(context.Background(), console{in: terminal, out: terminal, err: terminal}) }()
	var shown bytes.Buffer
	for part := make([]byte, 4096); !strings.HasSuffix(shown.String(), "\x1b[?1049l"); { // what stood there is back
		n, err := person.Read(part)
		if err != nil {
			t.Fatalf("%v behind %q", err, shown.String())
		}
		shown.Write(part[:n])
	}
	if err := <-done; err == nil || !strings.Contains(err.Error(), "does not answer any more") {
		t.Errorf("a service that has ended: %v", err)
	}
	if !strings.Contains(shown.String(), "q leaves") {
		t.Errorf("shown %q", shown.String())
	}
}
