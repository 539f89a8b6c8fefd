package clock

import (
	"math"
	"sync"
	"testing"
	"time"
)

func TestAdvance(t *testing.T) {
	before, elapsed := Now(), Elapsed()
	now, err := Advance(25 * time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if d := now.Sub(before); d < 25*time.Hour || d > 26*time.Hour {
		t.Errorf("moved by %v, and it is %v later", 25*time.Hour, d)
	}
	if d := Elapsed() - elapsed; d < 25*time.Hour || !Began().Add(elapsed).Before(before.Add(time.Second)) {
		t.Errorf("%v have elapsed", d)
	}
	for _, d := range []time.Duration{-1, math.MinInt64, maxAhead, math.MaxInt64} {
		ahead := Ahead()
		if _, err := Advance(d); err == nil || Ahead() != ahead {
			t.Errorf("moved by %v: %v, %v ahead", d, err, Ahead())
		}
	}
}

func TestAdvanceTogether(t *testing.T) {
	before := Ahead()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				if _, err := Advance(time.Microsecond); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := Ahead() - before; got != 8*time.Millisecond {
		t.Errorf("moved by %v in all", got)
	}
}

// An alarm goes off when its time is there, because it passed or because the clock was moved, and once.
func TestAt(t *testing.T) {
	rang := make(chan time.Duration, 4)
	for _, after := range []time.Duration{time.Millisecond, time.Hour, 3 * time.Hour} {
		at := Elapsed() + after
		At(at, func() { rang <- Elapsed() - at })
	}
	if late := <-rang; late < 0 || late > 30*time.Minute {
		t.Errorf("the first went off %v after its time", late)
	}
	if _, err := Advance(2 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if late := <-rang; late < 30*time.Minute || late > 90*time.Minute {
		t.Errorf("the second went off %v after its time: the clock was moved past it by an hour", late)
	}
	alarms.Lock()
	defer alarms.Unlock()
	if len(rang) > 0 || len(alarms.waiting) != 1 {
		t.Errorf("%d went off twice or too early, %d wait", len(rang), len(alarms.waiting))
	}
}
