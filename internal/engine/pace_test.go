package engine

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// Keys that are asked for at random, at paces of their own: what is said to be likely is what happens.
func TestPaceIsWhatHappens(t *testing.T) {
	const life = 10 * time.Minute
	random := rand.New(rand.NewPCG(1, 2))
	for _, perLife := range []float64{0.2, 0.5, 1, 2, 5} {
		ps := new(paces)
		now, next, said, happened, looks := time.Duration(0), time.Duration(0), 0.0, 0.0, 0.0
		for range 2000 {
			now += life
			for next < now {
				ps.note(7, next, life)
				next += time.Duration(random.ExpFloat64() / perLife * float64(life))
			}
			if now > 20*life {
				said += ps.likely(7, now, life)
				looks++
				if next < now+life {
					happened++
				}
			}
		}
		if math.Abs(said-happened) > 0.08*looks {
			t.Errorf("%.1f accesses in a life: said %.2f likely, and came in %.2f of lives", perLife, said/looks, happened/looks)
		}
	}
}

// A key that was asked for often and is not any more is given up soon.
func TestSilenceEndsAPace(t *testing.T) {
	ps, now := new(paces), time.Duration(0)
	for range 1000 {
		now += time.Second
		ps.note(7, now, time.Second)
	}
	if p := ps.likely(7, now, time.Second); p < 0.6 {
		t.Errorf("asked for every second: %.2f", p)
	}
	if p := ps.likely(7, now+4*time.Second, time.Second); p != 0 {
		t.Errorf("silent for four seconds: %.2f", p)
	}
}

// Of two keys with one slot the one stays that is asked for.
func TestSlotIsOfWhoIsAskedFor(t *testing.T) {
	const life = time.Minute
	ps := new(paces)
	for i := range 10 {
		ps.note(7, time.Duration(i)*time.Second, life)
	}
	ps.note(7+paceSlots, 10*time.Second, life)
	if ps.likely(7, 11*time.Second, life) == 0 || ps.likely(7+paceSlots, 11*time.Second, life) != 0 {
		t.Error("a key that was asked for once has pushed out another")
	}
	ps.note(7+paceSlots, 10*time.Hour, life)
	if ps.likely(7+paceSlots, 10*time.Hour, life) == 0 {
		t.Error("a key that nobody has asked for in hours keeps its slot")
	}
}
