package store

// Speed: many callers against otter, and a single hit by itself.

import (
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/internal/memo"
)

// Throughput compares mixed gets and puts from two cores with otter's.
var Throughput = figure.Figure{
	Name:  "store.throughput",
	About: "operations a second, 3 gets to 1 put of Zipf keys from two goroutines on two cores, over otter's",
	Run:   throughput,
}

// Hit times one hit from one goroutine.
var Hit = figure.Figure{
	Name:  "store.hit",
	About: "time of one hit, keys of 16 bytes; with an expiry a hit reads the clock",
	Run:   hit,
}

const (
	workers  = 2
	mixKeys  = 100_000
	mixKept  = 20_000 // entries
	mixOps   = 1 << 20
	getShare = 3 // gets for every put
)

// A mix is what one worker does: the keys in order, negative ones (-k-1) put.
type mix []int32

func newMix(seed uint64) mix {
	rng := rand.New(rand.NewPCG(seed, 0))
	zipf := rand.NewZipf(rng, 1.01, 1, mixKeys-1)
	m := make(mix, mixOps)
	for i := range m {
		m[i] = int32(zipf.Uint64())
		if rng.IntN(getShare+1) == 0 {
			m[i] = -m[i] - 1
		}
	}
	return m
}

type value [4]int64

var start = time.Now()

// clock is the store's, as the engine hands it.
func clock() time.Duration { return time.Since(start) }

func throughput(r *figure.Report) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(workers))
	var mixes []mix
	for w := range uint64(workers) {
		mixes = append(mixes, newMix(r.Seed*100+w))
	}
	names, keys := make([]string, mixKeys), make([][]byte, mixKeys)
	for i := range keys {
		names[i] = "product:" + strconv.Itoa(10_000_000+i)
		keys[i] = []byte(names[i])
	}
	theirs := func() float64 {
		c := otter.Must(&otter.Options[string, any]{MaximumSize: mixKept})
		defer c.StopAllGoroutines()
		return rate(mixes,
			func(k int32) { c.GetIfPresent(names[k]) },
			func(k int32) { c.Set(names[k], &value{}) })
	}
	ours := func() float64 {
		s := memo.New(mixKept*(32+entrySize), start, clock).NewRegion()
		return rate(mixes,
			func(k int32) { s.Get(keys[k]) },
			func(k int32) { s.Put(keys[k], &value{}, 32, time.Millisecond, time.Time{}) })
	}
	r.Ratio("store.throughput", theirs, ours)
	return nil
}

// rate returns operations a second of all mixes run at the same time, after one
// run through that warms up.
func rate(mixes []mix, get, put func(k int32)) float64 {
	run := func() time.Duration {
		var wg sync.WaitGroup
		began := time.Now()
		for _, m := range mixes {
			wg.Go(func() {
				for _, k := range m {
					if k < 0 {
						put(-k - 1)
					} else {
						get(k)
					}
				}
			})
		}
		wg.Wait()
		return time.Since(began)
	}
	run()
	runtime.GC()
	return float64(len(mixes)*mixOps) / run().Seconds()
}

func hit(r *figure.Report) error {
	for _, c := range []struct {
		name    string
		expires time.Time
	}{{"store.hit", time.Time{}}, {"store.hit.expiring", time.Now().Add(time.Hour)}} {
		s := memo.New(64<<20, start, clock).NewRegion()
		keys := make([][]byte, 1024)
		for i := range keys {
			keys[i] = []byte("product:" + strconv.Itoa(10_000_000+i))
			s.Put(keys[i], &value{}, 32, time.Millisecond, c.expires)
		}
		var times []float64
		for range r.Rounds {
			const n = 1 << 20
			start := time.Now()
			for i := range n {
				s.Get(keys[i%len(keys)])
			}
			times = append(times, float64(time.Since(start).Nanoseconds())/n)
		}
		r.Line(c.name, figure.Median(times), "ns")
	}
	return nil
}
