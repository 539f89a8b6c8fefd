package host

// Schedules: flows that run at fixed intervals while the service serves.

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/request"
)

// A Schedule is one flow that runs at intervals: when the service begins to serve, and whenever
// a multiple of Every has passed since. It never runs twice at once: a run that is due while the one
// before it is under way is skipped.
type Schedule struct {
	Flow  string // the flow's full name, for logs
	Every time.Duration

	// Read says that the flow is a read flow: it is cancelled when the service stops. Every other
	// flow is given Limits.Shutdown to run to its end.
	Read bool

	// Run calls the flow.
	Run func(context.Context) error
}

// A Clock tells the time, and when some of it has passed.
type Clock interface {
	Now() time.Time

	// After calls f once d has passed, unless stop is called first. f does not wait.
	After(d time.Duration, f func()) (stop func())
}

// processClock is the clock of the process. Timers keep the time that they have if it is moved.
type processClock struct{}

func (processClock) Now() time.Time { return clock.Now() }

func (processClock) After(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// schedules are those of a service that serves.
type schedules struct {
	service *Service
	clock   Clock
	jobs    []*job
	runs    sync.WaitGroup // under way

	mu      sync.Mutex
	stopped bool
}

// A job is a schedule under way.
type job struct {
	Schedule
	all   *schedules
	limit time.Duration // of one run

	// Under all.mu:
	next    time.Time // when it is due
	stop    func()    // of the timer
	cancel  context.CancelFunc
	running bool
	skipped int // runs that were due while the present one went on
}

// Schedule has list run whenever the service serves, by clock.
func (s *Service) Schedule(list []Schedule, clock Clock) {
	all := &s.schedules
	all.service, all.clock = s, clock
	for _, one := range list {
		all.jobs = append(all.jobs, &job{Schedule: one, all: all, limit: max(one.Every, s.limits.Flow)})
	}
}

// start begins every schedule with a run.
func (all *schedules) start() {
	for _, j := range all.jobs {
		j.next = all.clock.Now()
		j.due()
	}
}

// due begins a run, unless one is under way, and waits for the next.
func (j *job) due() {
	all := j.all
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.stopped {
		return
	}
	now := all.clock.Now()
	passed := max(0, now.Sub(j.next)/j.Every) // more than one are due after the machine has slept: they become one run
	j.next = j.next.Add((passed + 1) * j.Every)
	j.stop = all.clock.After(j.next.Sub(now), j.due)
	if j.running {
		j.skipped++
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), j.limit)
	j.running, j.skipped, j.cancel = true, 0, cancel
	all.runs.Add(1)
	go j.run(ctx)
}

// run is one run.
func (j *job) run(ctx context.Context) {
	s, started := j.all.service, time.Now()
	info := request.Request{Number: s.requests.Add(1), Now: j.all.clock.Now().Round(0)}
	var (
		err  error
		done bool
	)
	defer func() {
		if !done {
			err = s.raised(recover(), j.Flow, &info)
		}
		j.ended(err, &info, time.Since(started))
	}()
	err = j.Run(request.With(ctx, &info))
	done = true
}

// ended notes that a run is over, and how it went.
func (j *job) ended(err error, info *request.Request, took time.Duration) {
	all := j.all
	all.mu.Lock()
	skipped := j.skipped
	j.cancel()
	j.running = false
	all.mu.Unlock()
	defer all.runs.Done()
	log := all.service.log
	fields := []any{"flow", j.Flow, "every", j.Every.String(), "ms", float64(took.Microseconds()) / 1000, "request", info.ID()}
	if skipped > 0 {
		fields = append(fields, "skipped", skipped)
	}
	switch {
	case err != nil:
		log.Error("run", append(fields, "kind", string(fluxo.KindOf(err)), "error", err.Error())...)
	case skipped > 0:
		log.Warn("run", fields...)
	default:
		log.Info("run", fields...)
	}
}

// halt begins no more runs, cancels those of read flows, and waits for all until ctx ends. The error names
// the flows that are still running.
func (all *schedules) halt(ctx context.Context) error {
	all.mu.Lock()
	all.stopped = true
	for _, j := range all.jobs {
		if j.stop != nil {
			j.stop()
		}
		if j.running && j.Read {
			j.cancel()
		}
	}
	all.mu.Unlock()
	over := make(chan struct{})
	go func() { all.runs.Wait(); close(over) }()
	select {
	case <-over:
		return nil
	case <-ctx.Done():
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	var left []string
	for _, j := range all.jobs {
		if j.running {
			j.cancel()
			left = append(left, j.Flow)
		}
	}
	if len(left) == 0 {
		return nil
	}
	return fmt.Errorf("stopped: runs of %s were cut off, they did not finish within %v", strings.Join(left, ", "), all.service.limits.Shutdown)
}
