// Package clock is the process's clock, which can be moved ahead: a day's state is then
// built in the seconds that its requests take. Whatever has an age is measured by it:
// stored results, fluxo.Now, schedules. What waits, and the deadlines of contexts, keep the machine's time.
package clock

import (
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
	at    time.Duration
	f     func()
	timer *time.Timer
}

// alarms are those that have not gone off.
var alarms struct {
	sync.Mutex
	waiting map[*alarm]bool
}

// At calls f on a goroutine of its own once Elapsed has reached d, however that comes.
func At(d time.Duration, f func()) {
	alarms.Lock()
	defer alarms.Unlock()
	if alarms.waiting == nil {
		alarms.waiting = map[*alarm]bool{}
	}
	a := &alarm{at: d, f: f}
	alarms.waiting[a] = true
	a.timer = time.AfterFunc(d-Elapsed(), a.goOff)
}

// goOff calls a's function, once: a timer that was just moved may have run out.
func (a *alarm) goOff() {
	alarms.Lock()
	waits := alarms.waiting[a]
	delete(alarms.waiting, a)
	alarms.Unlock()
	if waits {
		a.f()
	}
}

// moveAlarms sets timers anew after the clock was moved.
func moveAlarms() {
	alarms.Lock()
	defer alarms.Unlock()
	for a := range alarms.waiting {
		a.timer.Reset(a.at - Elapsed())
	}
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
			moveAlarms()
			return Now(), nil
		}
	}
}
