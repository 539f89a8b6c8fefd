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
