// Package clock is the process's clock, which can be moved ahead: a day's state is then
// built in the seconds that its requests take. Whatever has an age is measured by it:
// stored results and when they are computed again, fluxo.Now, schedules. Time-outs and the deadlines of contexts keep the machine's time.
package clock

import (
	"container/heap"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// began anchors the clock. Every hit in the store asks for the time, and reading
// the monotonic clock alone takes half as long as time.Now.
var began = time.Now()

// ahead is how far the clock was moved so far, in nanoseconds.
var ahead atomic.Int64

// Elapsed returns the time since the process began, as the clock has it.
func Elapsed() time.Duration { return time.Since(began) + Ahead() }

// Now returns the time, as the clock has it. It never goes back.
func Now() time.Time { return began.Add(Elapsed()) }

// Began returns the time at which Elapsed was zero.
func Began() time.Time { return began }

// Ahead returns how far the clock is ahead of the machine's.
func Ahead() time.Duration { return time.Duration(ahead.Load()) }

// An alarm goes off when the clock shows its time.
type alarm struct {
	at time.Duration
	f  func()
}

// queue is a heap of alarms, the earliest first.
type queue []alarm

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, k int) bool { return q[i].at < q[k].at }
func (q queue) Swap(i, k int)      { q[i], q[k] = q[k], q[i] }
func (q *queue) Push(a any)        { *q = append(*q, a.(alarm)) }

func (q *queue) Pop() any {
	last := len(*q) - 1
	a := (*q)[last]
	(*q)[last] = alarm{}
	*q = (*q)[:last]
	return a
}

// alarms are those that have not gone off, and the timer for the first of them: however many
// there are, the clock is moved as fast.
var alarms struct {
	sync.Mutex
	waiting queue
	timer   *time.Timer
}

// At calls f on a goroutine of its own once Elapsed has reached d, however that comes.
func At(d time.Duration, f func()) {
	alarms.Lock()
	defer alarms.Unlock()
	heap.Push(&alarms.waiting, alarm{d, f})
	if alarms.waiting[0].at == d {
		setTimer()
	}
}

// setTimer sets the timer to the first alarm, under the lock.
func setTimer() {
	if len(alarms.waiting) == 0 {
		return
	}
	after := alarms.waiting[0].at - Elapsed()
	if alarms.timer == nil {
		alarms.timer = time.AfterFunc(after, goOff)
	} else {
		alarms.timer.Reset(after)
	}
}

// goOff calls what is due.
func goOff() {
	alarms.Lock()
	defer alarms.Unlock()
	for len(alarms.waiting) > 0 && alarms.waiting[0].at <= Elapsed() {
		go heap.Pop(&alarms.waiting).(alarm).f()
	}
	setTimer()
}

// maxAhead bounds how far the clock can be moved in all, so that no time after it overflows.
const maxAhead = 100 * 365 * 24 * time.Hour

// Advance moves the clock ahead by d and returns the new time. It cannot be moved back: what was
// kept would become younger than it is.
func Advance(d time.Duration) (time.Time, error) {
	if d < 0 {
		return Now(), fmt.Errorf("the clock moves ahead only, not by %v", d)
	}
	for {
		before := ahead.Load()
		if int64(d) > math.MaxInt64-before || before+int64(d) > int64(maxAhead) {
			return Now(), fmt.Errorf("the clock may be %v ahead of the machine's at most: it is %v, and %v more were asked for", maxAhead, time.Duration(before), d)
		}
		if ahead.CompareAndSwap(before, before+int64(d)) {
			alarms.Lock()
			setTimer()
			alarms.Unlock()
			return Now(), nil
		}
	}
}
