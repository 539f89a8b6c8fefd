package memo

// What the policy adds to S3-FIFO, and its bounds.

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
	"unsafe"
)

// savings replays keys of a Zipf distribution whose costs are spread over two
// decades, and returns the share of all cost that hits save.
func savings(told func(k int) time.Duration) float64 {
	rng := rand.New(rand.NewPCG(3, 4))
	zipf := rand.NewZipf(rng, 1.01, 1, 10_000)
	w := newWorld(200 * (shortKey + overhead))
	r := w.NewRegion()
	var saved, all time.Duration
	for range 50_000 {
		k := int(zipf.Uint64())
		b := fmt.Appendf(nil, "%08d", k)
		all += costOf(k)
		if _, ok := r.Get(b); ok {
			saved += costOf(k)
		} else {
			r.Put(b, k, 0, told(k), time.Time{})
		}
	}
	return float64(saved) / float64(all)
}

func costOf(k int) time.Duration {
	return []time.Duration{time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond}[k%3]
}

func TestCostlyEntriesStayLonger(t *testing.T) {
	blind := savings(func(int) time.Duration { return time.Millisecond })
	aware := savings(costOf)
	if aware < blind+0.02 {
		t.Errorf("hits save %.3f of all cost, %.3f without knowing it; want 0.02 more", aware, blind)
	}
}

func TestExpiredGoFirst(t *testing.T) {
	w := newWorld(100 * (shortKey + overhead))
	r := w.NewRegion()
	for i := range 100 { // the older half expires, and is popular
		var expires time.Time
		if i < 50 {
			expires = w.time.Add(time.Second)
		}
		b := fmt.Appendf(nil, "%08d", i)
		r.Put(b, i, 0, time.Millisecond, expires)
		r.Get(b)
		r.Get(b)
	}
	w.time = w.time.Add(time.Second)
	for i := range 40 {
		r.Put(fmt.Appendf(nil, "%08d", 1000+i), i, 0, time.Millisecond, time.Time{})
	}
	if got := r.Stats(); got.Evicted != 0 || got.Expired < 40 {
		t.Errorf("%d evicted, %d expired; want room made by the expired alone", got.Evicted, got.Expired)
	}
}

func TestSameCallsSameStore(t *testing.T) {
	run := func() Stats {
		rng := rand.New(rand.NewPCG(5, 6))
		w := newWorld(16 << 20)
		r := w.NewRegion()
		for range 100_000 {
			b := key(int(rng.ExpFloat64() * 40_000))
			if _, ok := r.Get(b); !ok {
				r.Put(b, nil, int64(rng.IntN(1000)), time.Duration(rng.IntN(1e6)), w.time.Add(time.Duration(rng.IntN(1e9))))
			}
			w.time = w.time.Add(time.Microsecond)
		}
		return w.Stats()
	}
	if a, b := run(), run(); a != b {
		t.Errorf("two runs of the same calls:\n%+v\n%+v", a, b)
	}
}

func TestGhostsAreBounded(t *testing.T) {
	var g ghosts
	for i := range uint64(10_000) {
		g.add(i%700, 100)
		if i%3 == 0 {
			g.take(i % 500)
		}
		if len(g.at) > 100 || len(g.queue) > 128 {
			t.Fatalf("after %d: %d remembered in a ring of %d; want at most 100 in 128", i, len(g.at), len(g.queue))
		}
	}
}

// Keys of one hash crowd out each other and nobody else.
func TestCollidingKeysAreBounded(t *testing.T) {
	w := newWorld(1 << 15) // one shard
	r := w.NewRegion()
	s := &w.shards[0]
	for i := range 100 {
		e := &entry{region: r, number: r.number, hash: 42, key: string(key(i)), value: i, expires: never, size: shortKey + overhead}
		s.put(e, 0, w.Store)
	}
	r.Put([]byte("honest"), 1, 8, 0, time.Time{})
	if _, ok := r.Get([]byte("honest")); !ok || s.table.n != maxChain+1 || r.Stats().Crowded != 100-maxChain {
		t.Errorf("honest key hit: %v; %d entries, %d crowded out", ok, s.table.n, r.Stats().Crowded)
	}
}

func TestAnEntryIsSmall(t *testing.T) {
	if at, size := unsafe.Offsetof(entry{}.region), unsafe.Sizeof(entry{}); at != 64 || size != 96 {
		t.Errorf("readers need %d bytes of an entry's %d; want 64 of 96", at, size)
	}
}

func TestHashSpreads(t *testing.T) {
	const keys, slots = 1 << 16, 1 << 10
	for _, format := range []string{"%d", "user:%08d", "%030d", "%d:an address that is longer than two blocks of sixteen"} {
		var low, high [slots]int
		for i := range keys {
			h := Hash(fmt.Appendf(nil, format, i), mixB)
			low[h%slots]++
			high[h>>54]++
		}
		for _, counts := range [][slots]int{low, high} {
			var chi2 float64
			for _, n := range counts {
				d := float64(n) - keys/slots
				chi2 += d * d / (keys / slots)
			}
			if chi2 > 1023+5*45.2 { // five standard deviations above what chance gives
				t.Errorf("keys %q: chi-squared %.0f over %d slots", format, chi2, slots)
			}
		}
	}
}
