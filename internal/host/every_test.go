package host

// Schedules, by a clock that tests move.

import (
	"context"
	"errors"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"fluxo.dev/fluxo"
)

// A handClock stands still until it is moved.
type handClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[*handTimer]bool
}

type handTimer struct {
	at time.Time
	f  func()
}

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), timers: map[*handTimer]bool{}}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) After(d time.Duration, f func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &handTimer{c.now.Add(d), f}
	c.timers[t] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, t)
	}
}

// pass moves the clock, and calls what was waited for.
func (c *handClock) pass(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	var due []*handTimer
	for t := range c.timers {
		if !t.at.After(c.now) {
			due = append(due, t)
			delete(c.timers, t)
		}
	}
	c.mu.Unlock()
	for _, t := range due {
		t.f()
	}
}

func (c *handClock) waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.timers)
}

// startSchedules serves list until the test ends.
func startSchedules(t *testing.T, limits Limits, list ...Schedule) (*running, *handClock) {
	t.Helper()
	log := new(lockedBuffer)
	service, err := New(nil, limits, NewLog(log))
	if err != nil {
		t.Fatal(err)
	}
	clock := newHandClock()
	service.Schedule(list, clock)
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &running{t, "http://" + ln.Addr().String(), ln.Addr().String(), service, log, stop, make(chan error, 1)}
	go func() { r.stopped <- Run(ctx, ln, service); close(r.stopped) }()
	t.Cleanup(func() { stop(); <-r.stopped })
	return r, clock
}

// every is a schedule of ten minutes whose runs the test gets hold of one by one.
type every struct {
	begun chan context.Context
	end   chan error
}

func newEvery() *every { return &every{make(chan context.Context), make(chan error)} }

func (e *every) schedule(read bool) Schedule {
	return Schedule{Flow: "test.Every", Every: 10 * time.Minute, Read: read, Run: func(ctx context.Context) error {
		e.begun <- ctx
		return <-e.end
	}}
}

// none checks that no run has begun, as far as the clock's callbacks went.
func (e *every) none(t *testing.T, when string) {
	t.Helper()
	for range 100 {
		runtime.Gosched()
	}
	select {
	case <-e.begun:
		t.Fatalf("%s: a run began", when)
	default:
	}
}

// over ends the present run and waits until that was noted.
func (e *every) over(t *testing.T, r *running, err error) {
	t.Helper()
	before := strings.Count(r.logged(), `"msg":"run"`)
	e.end <- err
	for strings.Count(r.logged(), `"msg":"run"`) == before {
		runtime.Gosched()
	}
}

func TestRunsAtTheStartAndAtMultiplesOfItsPeriod(t *testing.T) {
	e := newEvery()
	r, clock := startSchedules(t, DefaultLimits(), e.schedule(true))
	<-e.begun
	clock.pass(4 * time.Minute)
	e.over(t, r, nil) // a run that takes its time moves no later one
	clock.pass(6*time.Minute - 1)
	e.none(t, "just before ten minutes")
	clock.pass(1)
	ctx := <-e.begun
	if got := fluxo.Now(ctx); !got.Equal(clock.Now()) {
		t.Errorf("fluxo.Now is %v in a run at %v", got, clock.Now())
	}
	e.over(t, r, nil)
	if log := r.logged(); !strings.Contains(log, `"msg":"run","flow":"test.Every","every":"10m0s"`) || strings.Contains(log, "skipped") {
		t.Errorf("logged %s", log)
	}
}

// A run that is late holds up the next ones, which are skipped and counted.
func TestRunsNeverOverlap(t *testing.T) {
	e := newEvery()
	r, clock := startSchedules(t, DefaultLimits(), e.schedule(true))
	<-e.begun
	for range 3 {
		clock.pass(10 * time.Minute)
		e.none(t, "while one is under way")
	}
	e.over(t, r, nil)
	if log := r.logged(); !strings.Contains(log, `"level":"WARN","msg":"run"`) || !strings.Contains(log, `"skipped":3`) {
		t.Errorf("logged %s", log)
	}
	clock.pass(10 * time.Minute)
	<-e.begun
	e.over(t, r, nil)
	if log := r.logged(); strings.Count(log, "skipped") != 1 {
		t.Errorf("the next run is said to have held up others: %s", log)
	}
}

// A machine that slept owes one run, not all that it missed, and keeps to its multiples.
func TestMissedRunsBecomeOne(t *testing.T) {
	e := newEvery()
	r, clock := startSchedules(t, DefaultLimits(), e.schedule(true))
	<-e.begun
	e.over(t, r, nil)
	clock.pass(47 * time.Minute)
	<-e.begun
	e.over(t, r, nil)
	e.none(t, "after a long sleep")
	clock.pass(3 * time.Minute)
	<-e.begun
	e.over(t, r, nil)
}

func TestFailedRunsAreLoggedAndOthersFollow(t *testing.T) {
	next := make(chan func() error)
	r, clock := startSchedules(t, DefaultLimits(), Schedule{Flow: "test.Every", Every: time.Minute, Run: func(context.Context) error { return (<-next)() }})
	for i, c := range []struct {
		run  func() error
		want []string
	}{
		{func() error { return fluxo.NotFound.Errorf("no such town") }, []string{`"level":"ERROR","msg":"run","flow":"test.Every"`, `"kind":"NotFound","error":"`, "no such town"}},
		{func() error { panic("boom") }, []string{`"msg":"the flow panicked","flow":"test.Every"`, "panic: boom", "every_test.go"}},
		{func() error { runtime.Goexit(); return nil }, []string{"runtime.Goexit"}},
		{func() error { return nil }, []string{`"level":"INFO","msg":"run"`}},
	} {
		if i > 0 {
			clock.pass(time.Minute)
		}
		next <- c.run
		for strings.Count(r.logged(), `"msg":"run"`) == i {
			runtime.Gosched()
		}
		for _, want := range c.want {
			if log := r.logged(); !strings.Contains(log, want) {
				t.Errorf("run %d: %s is missing in %s", i, want, log)
			}
		}
	}
}

func TestRunHasADeadline(t *testing.T) {
	e := newEvery()
	r, _ := startSchedules(t, DefaultLimits(), e.schedule(true))
	at, ok := (<-e.begun).Deadline()
	if left := time.Until(at); !ok || left < 9*time.Minute || left > 10*time.Minute {
		t.Errorf("the deadline is in %v, want the ten minutes of its period", left)
	}
	e.over(t, r, nil)
}

// A read flow is cancelled when the service stops; any other is let finish.
func TestStopWaitsForRuns(t *testing.T) {
	read, write := newEvery(), newEvery()
	r, clock := startSchedules(t, DefaultLimits(), read.schedule(true), write.schedule(false))
	reading, writing := <-read.begun, <-write.begun
	r.stop()
	<-reading.Done()
	read.end <- reading.Err()
	if writing.Err() != nil {
		t.Error("a flow that writes was cancelled")
	}
	select {
	case err := <-r.stopped:
		t.Errorf("the service has ended before a run: %v", err)
	default:
	}
	write.end <- nil
	if err := <-r.stopped; err != nil {
		t.Error(err)
	}
	if n := clock.waiting(); n != 0 {
		t.Errorf("%d timers are left", n)
	}
	clock.pass(time.Hour)
	read.none(t, "after the end")
}

func TestStopCutsOffRunsThatDoNotEnd(t *testing.T) {
	limits := DefaultLimits()
	limits.Shutdown = 20 * time.Millisecond
	e := newEvery()
	r, _ := startSchedules(t, limits, e.schedule(false))
	ctx := <-e.begun
	r.stop()
	err := <-r.stopped
	if want := "stopped: runs of test.Every were cut off, they did not finish within 20ms"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	<-ctx.Done()
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("its context ended with %v", ctx.Err())
	}
	e.end <- nil
}
