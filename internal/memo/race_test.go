package memo

// Many callers at once.

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// Every value names the key it was put under, so that a reader led astray by a
// writer (a chain half linked, a table that grows) sees another's.
func TestConcurrentCallers(t *testing.T) {
	start := time.Now()
	s := New(2<<20, start, func() time.Duration { return 0 })
	stable, busy := s.NewRegion(), s.NewRegion()
	for i := range 50 { // used throughout, and costly: never evicted
		stable.Put(key(i), string(key(i)), 8, time.Second, time.Time{})
		stable.Get(key(i))
	}
	var wg sync.WaitGroup
	for worker := range uint64(4) {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(worker, 0))
			closing := s.NewRegion()
			for op := range 5_000 {
				k := key(rng.IntN(3000))
				if v, ok := busy.Get(k); ok && v != string(k) {
					t.Errorf("Get(%s) = %v", k, v)
				} else if !ok {
					busy.Put(k, string(k), int64(rng.IntN(500)), time.Millisecond, start.Add(time.Duration(rng.IntN(2))*time.Hour))
				}
				if k := key(rng.IntN(50)); true {
					if v, ok := stable.Get(k); !ok || v != string(k) {
						t.Errorf("Get(%s) of an entry that nobody drops = %v, %v", k, v, ok)
					}
				}
				switch op % 1000 {
				case 0:
					busy.Delete(k)
				case 1:
					busy.DropIf(func(k string) bool { return k[len(k)-1] == '7' })
				case 2:
					closing.Put(k, 1, 1, 0, time.Time{})
					closing.Close()
					closing = s.NewRegion()
				case 3:
					s.Stats()
				}
			}
		})
	}
	wg.Wait()
	check(t, &world{Store: s}, 2<<20)
}

func TestAPutAfterCloseLeavesNothing(t *testing.T) {
	for range 200 {
		s := newWorld(64 << 20)
		r := s.NewRegion()
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range 20 {
				r.Put(key(i), i, 1, 0, time.Time{})
			}
		})
		wg.Go(r.Close)
		wg.Wait()
		if s.Len() != 0 {
			t.Fatalf("%d entries are left of a closed region", s.Len())
		}
	}
}

// A reader that walks while the table grows finds what was there all the time.
func TestReadersSeeThroughGrowth(t *testing.T) {
	s := newWorld(1 << 30)
	r := s.NewRegion()
	for i := range 64 {
		r.Put(key(i), i, 1, 0, time.Time{})
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		for i := range 50_000 {
			r.Put(fmt.Appendf(nil, "more%d", i), i, 1, 0, time.Time{})
		}
	}()
	for n := 0; ; n++ {
		select {
		case <-done:
			return
		default:
		}
		if v, ok := r.Get(key(n % 64)); !ok || v != n%64 {
			t.Fatalf("Get(%s) = %v, %v while the table grows", key(n%64), v, ok)
		}
	}
}
