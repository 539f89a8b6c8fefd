package replay

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// record yields n requests, a gap apart.
func record(n int, gap time.Duration) iter.Seq2[*Request, error] {
	return func(yield func(*Request, error) bool) {
		for i := range n {
			if !yield(&Request{At: time.Duration(i) * gap, Method: "GET", URL: "/x"}, nil) {
				return
			}
		}
	}
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func send(t *testing.T, record iter.Seq2[*Request, error], o Options) *Outcome {
	t.Helper()
	if o.Speed == 0 {
		o.Speed = 1
	}
	out, err := Send(t.Context(), record, o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Requests come when they are due though none before them was answered, and each is charged for its wait.
func TestArrivalsWaitForNoAnswer(t *testing.T) {
	const n = 50
	var arrived sync.WaitGroup
	arrived.Add(n)
	var last atomic.Int64
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		last.Store(time.Now().UnixNano())
		arrived.Done()
		arrived.Wait() // nobody is answered before all are here
	})
	out := send(t, record(n, time.Millisecond), Options{To: url})
	if len(out.Answers) != n {
		t.Fatalf("%d answers", len(out.Answers))
	}
	for _, a := range out.Answers {
		if rest := time.Duration(n-1)*time.Millisecond - a.At; a.Took < rest {
			t.Errorf("the request of %v took %v, though the last one came %v later", a.At, a.Took, rest)
		}
	}
	if out.Due != (n-1)*time.Millisecond {
		t.Errorf("the last one was due at %v", out.Due)
	}
}

// No more are under way than may be; those that have to wait for that are late, and it counts as their time.
func TestInFlightIsBounded(t *testing.T) {
	var now, most atomic.Int64
	two := make(chan struct{}, 2)
	release := make(chan struct{})
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		select {
		case two <- struct{}{}:
		default: // only the first two wait
			return
		}
		<-release
	})
	var released time.Time
	go func() {
		for len(two) < 2 {
			if t.Context().Err() != nil {
				return
			}
		}
		released = time.Now()
		close(release)
	}()
	began := time.Now()
	out := send(t, record(3, 0), Options{To: url, InFlight: 2})
	if most.Load() > 2 {
		t.Errorf("%d were under way", most.Load())
	}
	last := out.Answers[0]
	for _, a := range out.Answers {
		if a.Late > last.Late {
			last = a
		}
		if a.Took < a.Late {
			t.Errorf("a request that is %v late takes %v", a.Late, a.Took)
		}
	}
	if waited := released.Sub(began); last.Late > time.Since(began) || last.Late < waited/2 {
		t.Errorf("the third is %v late, and waited %v", last.Late, waited)
	}
	s := Outcome{Answers: []Answer{{Late: Late + 1}, {Late: Late}}}
	if sum := s.Summarize(); sum.Late != 1 || sum.Latest != Late+1 {
		t.Errorf("late ones: %+v", sum)
	}
}

// The window and the pace.
func TestWindowAndSpeed(t *testing.T) {
	var n atomic.Int64
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { n.Add(1) })
	out := send(t, record(100, time.Second), Options{To: url, Speed: 1000, From: 10 * time.Second, For: 20 * time.Second})
	if n.Load() != 20 || out.Warmed != 0 || out.Due != 19*time.Millisecond {
		t.Errorf("%d requests, %d before, the last due at %v", n.Load(), out.Warmed, out.Due)
	}
	if s := out.Summarize(); s.Requests != 20 || s.Status[200] != 20 || s.P50 > s.P99 || s.P99 > s.Most || s.Mean == 0 {
		t.Errorf("summary %+v", s)
	}
}

// What came before makes the service warm, with its clock at most a second behind each request.
func TestWarm(t *testing.T) {
	var clock atomic.Int64
	var mu sync.Mutex
	behind := time.Duration(0)
	before := 0
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		at, err := time.ParseDuration(r.URL.Query().Get("at"))
		if err != nil {
			t.Error(err)
		}
		if at < 40*time.Minute {
			before++
		}
		behind = max(behind, at-time.Duration(clock.Load()))
	})
	recorded := func(yield func(*Request, error) bool) {
		for at := time.Duration(0); at < 41*time.Minute; at += 7 * time.Second {
			if !yield(&Request{At: at, Method: "GET", URL: "/?at=" + at.String()}, nil) {
				return
			}
		}
	}
	out := send(t, recorded, Options{To: url, Speed: 1e6, From: 40 * time.Minute, Warm: func(_ context.Context, by time.Duration) error {
		clock.Add(int64(by))
		return nil
	}})
	if out.Warmed != before || before != 343 || len(out.Answers) != 9 {
		t.Errorf("%d sent before, %d seen, %d answers", out.Warmed, before, len(out.Answers))
	}
	if passed := time.Duration(clock.Load()); passed > 40*time.Minute || passed < 39*time.Minute {
		t.Errorf("the clock was moved by %v", passed)
	}
	if limit := tick + time.Minute; behind > limit { // the last ones come within the minute after
		t.Errorf("the clock was %v behind", behind)
	}
	failed := errors.New("no clock here")
	if _, err := Send(t.Context(), recorded, Options{To: url, Speed: 1, From: time.Minute, Warm: func(context.Context, time.Duration) error { return failed }}); !errors.Is(err, failed) {
		t.Errorf("a clock that cannot be moved: %v", err)
	}
}

// Requests are sent as they were; answers that differ, and those that never come, are told.
func TestAnswers(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != "hello" || r.Header.Get("X-Here") != "yes" || r.Method != "POST" {
			t.Errorf("%s with %q, %v, %v", r.Method, body, r.Header, err)
		}
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		case "/dies":
			panic(http.ErrAbortHandler)
		}
	})
	one := func(path string, status int) *Request {
		return &Request{Method: "POST", URL: path, Body: []byte("hello"), Header: http.Header{"X-Here": {"yes"}}, Status: status}
	}
	out := send(t, func(yield func(*Request, error) bool) {
		_ = yield(one("/ok", 200), nil) && yield(one("/redirect", 302), nil) && yield(one("/ok?again", 404), nil) && yield(one("/dies", 200), nil)
	}, Options{To: url + "/"})
	s := out.Summarize()
	if s.Lost != 1 || s.Status[200] != 2 || s.Status[302] != 1 || out.Differ != 1 {
		t.Errorf("%+v, %d differ", s, out.Differ)
	}
	if len(out.Examples) != 1 || out.Examples[0] != "POST /ok?again answers 200, recorded 404" {
		t.Errorf("examples %q", out.Examples)
	}
	if errs := out.Errors(5); len(errs) != 1 || strings.Contains(errs[0], "http://") {
		t.Errorf("errors %q", errs)
	}
}

// A record that breaks off is an error; an interrupt leaves what there is.
func TestEnds(t *testing.T) {
	url := serve(t, func(http.ResponseWriter, *http.Request) {})
	broken := errors.New("cut off")
	_, err := Send(t.Context(), func(yield func(*Request, error) bool) {
		_ = yield(&Request{Method: "GET", URL: "/"}, nil) && yield(nil, broken)
	}, Options{To: url, Speed: 1})
	if !errors.Is(err, broken) {
		t.Errorf("a record that breaks off: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, err := Send(ctx, func(yield func(*Request, error) bool) {
		if yield(&Request{Method: "GET", URL: "/"}, nil) {
			cancel()
			yield(&Request{At: time.Hour, Method: "GET", URL: "/"}, nil)
		}
	}, Options{To: url, Speed: 1})
	if err != nil || len(out.Answers) != 1 {
		t.Errorf("interrupted: %+v, %v", out, err)
	}
}

// How soon a request is known to have no answer is no time of the service.
func TestTimesAreOfAnswers(t *testing.T) {
	lost := errors.New("connection refused")
	o := Outcome{Answers: []Answer{{Took: 1, Err: lost}, {Took: 100, Status: 200}, {Took: 300, Status: 500}, {Took: 2 * time.Minute, Err: lost}}}
	if s := o.Summarize(); s.Requests != 4 || s.Lost != 2 || s.Failed() != 3 || s.Mean != 200 || s.P50 != 300 || s.Most != 300 {
		t.Errorf("%+v", s)
	}
}
