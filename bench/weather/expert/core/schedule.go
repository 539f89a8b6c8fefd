package core

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// A schedule calls what looks after values shortly before they expire.
type schedule struct {
	clock  *Clock
	margin time.Duration
	slots  chan struct{} // renewals under way

	mu    sync.Mutex
	queue queue
	wake  chan struct{} // something is due earlier than all before
}

// A job is done at a time; it returns when what it began is done, or nil if it began nothing.
type job struct {
	due time.Duration
	do  func() <-chan struct{}
}

func newSchedule(clock *Clock, margin time.Duration, atOnce int) *schedule {
	return &schedule{clock: clock, margin: margin, slots: make(chan struct{}, atOnce), wake: make(chan struct{}, 1)}
}

// add schedules a job for shortly before a time.
func (s *schedule) add(expires time.Duration, do func() <-chan struct{}) {
	s.mu.Lock()
	j := job{expires - s.margin, do}
	heap.Push(&s.queue, j)
	first := s.queue[0].due == j.due
	s.mu.Unlock()
	if first {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// run works until ctx is done.
func (s *schedule) run(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		wait := s.work(ctx)
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-s.wake:
		case <-s.clock.moved:
		}
	}
}

// work does what is due and returns how long it is until the next.
func (s *schedule) work(ctx context.Context) time.Duration {
	for {
		s.mu.Lock()
		if len(s.queue) == 0 {
			s.mu.Unlock()
			return time.Hour
		}
		if wait := s.queue[0].due - s.clock.Now(); wait > 0 {
			s.mu.Unlock()
			return wait
		}
		j := heap.Pop(&s.queue).(job)
		s.mu.Unlock()
		select {
		case s.slots <- struct{}{}:
		case <-ctx.Done():
			return time.Hour
		}
		done := j.do()
		if done == nil {
			<-s.slots
			continue
		}
		go func() {
			<-done
			<-s.slots
		}()
	}
}

// A queue is a heap of jobs, the first due at its top.
type queue []job

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due < q[j].due }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(j any)        { *q = append(*q, j.(job)) }

func (q *queue) Pop() any {
	last := len(*q) - 1
	j := (*q)[last]
	(*q)[last] = job{}
	*q = (*q)[:last]
	return j
}
