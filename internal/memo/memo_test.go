package memo

// What one caller sees of a store, one idea a test.

import (
	"fmt"
	"testing"
	"time"
)

// A world is a store under a clock that the test moves.
type world struct {
	*Store
	time time.Time
}

func newWorld(maxBytes int64) *world {
	w := &world{time: time.Date(2024, 5, 12, 0, 0, 0, 0, time.UTC)}
	w.Store = New(maxBytes, w.time, func() time.Duration { return w.time.Sub(w.start) })
	return w
}

func key(i int) []byte { return fmt.Appendf(nil, "k%d", i) }

func TestGetReturnsWhatWasPut(t *testing.T) {
	w := newWorld(1 << 20)
	r, other := w.NewRegion(), w.NewRegion()
	r.Put(key(1), "one", 3, time.Millisecond, time.Time{})
	if v, ok := r.Get(key(1)); !ok || v != "one" {
		t.Errorf("Get = %v, %v; want one", v, ok)
	}
	if v, ok := other.Get(key(1)); ok {
		t.Errorf("another region's Get = %v; want a miss", v)
	}
	r.Put(key(1), "uno", 3, time.Millisecond, time.Time{})
	if v, _ := r.Get(key(1)); v != "uno" {
		t.Errorf("Get after a second Put = %v; want uno", v)
	}
	if v, ok := r.Peek(key(1)); !ok || v != "uno" {
		t.Errorf("Peek = %v, %v; want uno", v, ok)
	}
	r.Delete(key(1))
	if v, ok := r.Peek(key(1)); ok {
		t.Errorf("Peek after Delete = %v; want a miss", v)
	}
	if v, ok := r.Get(key(1)); ok {
		t.Errorf("Get after Delete = %v; want a miss", v)
	}
	want := Stats{Hits: 2, Misses: 1, Puts: 2, Dropped: 2}
	if got := r.Stats(); got != want {
		t.Errorf("Stats = %+v; want %+v", got, want)
	}
}

func TestAnEntryExpires(t *testing.T) {
	w := newWorld(1 << 20)
	r := w.NewRegion()
	r.Put(key(1), 1, 8, 0, w.time.Add(time.Minute))
	w.time = w.time.Add(time.Minute - 1)
	if _, ok := r.Get(key(1)); !ok {
		t.Error("missed before its time")
	}
	w.time = w.time.Add(1)
	if _, ok := r.Peek(key(1)); ok {
		t.Error("there at its time")
	}
	if _, ok := r.Get(key(1)); ok {
		t.Error("hit at its time")
	}
	r.Put(key(2), 2, 8, 0, w.time)
	if _, ok := r.Get(key(2)); ok || r.Stats().TooLate != 1 {
		t.Errorf("an entry put past its time: hit %v, %+v", ok, r.Stats())
	}
}

func TestTheSweepReclaimsTheExpired(t *testing.T) {
	w := newWorld(60_000) // one shard
	r := w.NewRegion()
	for i := range 150 {
		r.Put(key(i), i, 8, 0, w.time.Add(time.Minute))
	}
	w.time = w.time.Add(time.Minute)
	for i := range 130 { // 256 slots, two a Put
		r.Put(key(1000+i), i, 8, 0, time.Time{})
	}
	if got := r.Stats(); got.Entries != 130 || got.Evicted != 0 {
		t.Errorf("%+v; want the 130 that do not expire, and none evicted", got)
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	w := newWorld(1 << 20)
	r := w.NewRegion()
	r.Put(key(1), "small", 5, 0, time.Time{})
	for _, size := range []int64{1<<18 + 1, 1 << 40, 1<<63 - 1} {
		r.Put(key(1), "large", size, 0, time.Time{})
	}
	if v, ok := r.Get(key(1)); ok {
		t.Errorf("Get = %v; neither the refused value nor the one before it may be served", v)
	}
	if got := r.Stats().TooLarge; got != 3 || w.Bytes() != 0 {
		t.Errorf("refused %d, %d bytes kept; want 3 and 0", got, w.Bytes())
	}
}

func TestCloseDropsARegion(t *testing.T) {
	w := newWorld(64 << 20) // several shards
	a, b := w.NewRegion(), w.NewRegion()
	for i := range 1000 {
		a.Put(key(i), i, 8, 0, time.Time{})
		b.Put(key(i), i, 8, 0, time.Time{})
	}
	a.Close()
	a.Put(key(1), 1, 8, 0, time.Time{})
	if _, ok := a.Get(key(1)); ok || w.Len() != 1000 || b.Stats().Entries != 1000 {
		t.Errorf("after Close: hit %v, %d entries, other region %+v", ok, w.Len(), b.Stats())
	}
	b.DropIf(func(key string) bool { return key != "k7" })
	if _, ok := b.Get(key(7)); !ok || w.Len() != 1 {
		t.Errorf("after DropIf: hit %v, %d entries; want only k7", ok, w.Len())
	}
	if got, want := w.Stats(), (Stats{Entries: 1, Bytes: w.Bytes(), Hits: 1, Puts: 2000, Dropped: 1999}); got != want {
		t.Errorf("Stats = %+v; want %+v", got, want)
	}
}

func TestGetDoesNotAllocate(t *testing.T) {
	w := newWorld(1 << 20)
	r := w.NewRegion()
	k := []byte("a key of more than sixteen bytes")
	r.Put(k, "v", 1, 0, w.time.Add(time.Hour))
	if n := testing.AllocsPerRun(100, func() {
		r.Get(k)
		r.Get(k[1:])
	}); n != 0 {
		t.Errorf("a hit and a miss allocate %v times; want 0", n)
	}
}
