package replay

// Requests sent at their times.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A Request is one that was recorded.
type Request struct {
	At     time.Duration // when it came, since the record began
	Method string
	URL    string // path and query
	Header http.Header
	Body   []byte
	Status int // of the recorded answer; 0 if nobody knows
}

// Options say how a record is sent. Speed 1 is the recorded pace.
type Options struct {
	To       string        // where the service is: http://localhost:8080
	Speed    float64       // above 0
	From     time.Duration // what came before is not sent, or only to warm the service
	For      time.Duration // of the record; 0 for all of it
	Warm     Clock         // nil: what came before From is not sent
	InFlight int           // requests under way at most; 0 for MaxInFlight
	Tell     func(string)  // of progress; nil for nobody
}

// A Clock moves the service's clock ahead.
type Clock func(ctx context.Context, by time.Duration) error

// Bounds.
const (
	MaxInFlight = 4096
	maxBody     = 256 << 20 // bytes of an answer that are read
	maxTime     = 2 * time.Minute
	warmers     = 32 // requests at once while the service is warmed
	maxExamples = 5  // of differences
)

// Late is from when on a request counts as sent late.
const Late = 10 * time.Millisecond

// An Answer is what came of one request.
type Answer struct {
	At     time.Duration // by the record
	Took   time.Duration // since it was due
	Late   time.Duration // that it was sent after that
	Status int           // 0 if there was no answer
	Err    error         // why there was none
}

// An Outcome is what came of all.
type Outcome struct {
	Answers  []Answer      // in the order in which they came
	Length   time.Duration // from the first request until the last answer
	Due      time.Duration // from the first request until the last one was due
	Warmed   int           // requests sent before
	Warm     map[int]int   // how many of those were answered with each status; 0 is no answer
	Differ   int           // answers whose status is another one than recorded
	Examples []string      // of those
}

// A sender sends one record.
type sender struct {
	Options
	client  *http.Client
	slots   chan struct{}
	running sync.WaitGroup

	mu  sync.Mutex
	out Outcome
}

// Send sends a record, which is in the order of arrival. It ends early, with what it has, when ctx ends.
func Send(ctx context.Context, record iter.Seq2[*Request, error], o Options) (*Outcome, error) {
	if o.InFlight == 0 {
		o.InFlight = MaxInFlight
	}
	transport := &http.Transport{MaxIdleConnsPerHost: o.InFlight, DisableCompression: true}
	defer transport.CloseIdleConnections()
	s := &sender{Options: o, slots: make(chan struct{}, o.InFlight), client: &http.Client{
		Transport: transport, Timeout: maxTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	next, stop := iter.Pull2(record)
	defer stop()
	first, err := s.warm(ctx, next)
	if err == nil && first != nil {
		err = s.pace(ctx, first, next)
	}
	s.running.Wait()
	if err != nil {
		return nil, err
	}
	return &s.out, nil
}

// pace sends requests when they are due, from first on.
func (s *sender) pace(ctx context.Context, first *Request, next func() (*Request, error, bool)) error {
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	defer func() {
		s.running.Wait()
		s.out.Length = time.Since(began)
	}()
	told := began
	for r := first; r != nil && (s.For == 0 || r.At < s.From+s.For); {
		s.out.Due = time.Duration(float64(r.At-s.From) / s.Speed)
		due := began.Add(s.out.Due)
		timer.Reset(time.Until(due))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return nil
		}
		if !s.begin(ctx, r, due) {
			return nil
		}
		if s.Tell != nil && time.Since(told) > time.Second/2 {
			told = time.Now()
			s.Tell(fmt.Sprintf("%v of the record, %d under way", r.At.Round(time.Second), len(s.slots)))
		}
		var err error
		if r, err, _ = next(); err != nil {
			return err
		}
	}
	return nil
}

// begin has a request sent, as soon as there is room; false if ctx ends first.
func (s *sender) begin(ctx context.Context, r *Request, due time.Time) bool {
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	s.running.Go(func() {
		defer func() { <-s.slots }()
		s.add(s.send(context.WithoutCancel(ctx), r, due), r)
	})
	return true
}

// send sends one request, which was due at a time.
func (s *sender) send(ctx context.Context, r *Request, due time.Time) Answer {
	a := Answer{At: r.At, Late: time.Since(due)}
	a.Status, a.Err = s.exchange(ctx, r)
	a.Took = time.Since(due)
	return a
}

// exchange returns the status of the answer to a request, once all of it is there.
func (s *sender) exchange(ctx context.Context, r *Request) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, strings.TrimRight(s.To, "/")+r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return 0, err
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody))
	return resp.StatusCode, errors.Join(err, resp.Body.Close())
}

// addWarm notes the answer to a request that was sent before.
func (s *sender) addWarm(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.out.Warm == nil {
		s.out.Warm = map[int]int{}
	}
	s.out.Warm[status]++
}

// add notes an answer.
func (s *sender) add(a Answer, r *Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Answers = append(s.out.Answers, a)
	if r.Status != 0 && a.Status != 0 && r.Status != a.Status {
		if s.out.Differ++; len(s.out.Examples) < maxExamples {
			s.out.Examples = append(s.out.Examples, fmt.Sprintf("%s %s answers %d, recorded %d", r.Method, r.URL, a.Status, r.Status))
		}
	}
}
