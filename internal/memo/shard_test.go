package memo

// What happens inside one shard, seen from inside.

import (
	"testing"
	"time"
)

func TestRegionsWithOneHashStayApart(t *testing.T) {
	w := newWorld(1 << 15)
	a, b := w.NewRegion(), w.NewRegion()
	for i, r := range []*Region{a, b} {
		w.shards[0].put(&entry{region: r, number: r.number, hash: 42, key: string(key(1)), value: i, expires: never, size: shortKey + overhead}, 0, w.Store)
	}
	for i, r := range []*Region{a, b} {
		if e, _ := w.shards[0].table.find(r.number, 42, string(key(1))); e == nil || e.value != i {
			t.Errorf("region %d finds %+v under a hash that both have", i, e)
		}
	}
}

func TestANewValueKeepsItsKeysUses(t *testing.T) {
	w := newWorld(100 * (shortKey + overhead))
	r := w.NewRegion()
	r.Put([]byte("popular."), 1, 0, time.Millisecond, time.Time{})
	r.Get([]byte("popular."))
	r.Put([]byte("popular."), 2, 0, time.Millisecond, time.Time{})
	for i := range 300 {
		r.Put([]byte("once"+string(key(1000+i))), i, 0, time.Millisecond, time.Time{})
	}
	if v, ok := r.Get([]byte("popular.")); !ok || v != 2 {
		t.Errorf("Get = %v, %v after 300 others; want 2: the key was used before its value changed", v, ok)
	}
}

func TestTooMuchForAnyStore(t *testing.T) {
	w := newWorld(1 << 42)
	r := w.NewRegion()
	r.Put(key(1), 1, 1<<33, 0, time.Time{}) // less than half of a shard, but more than an entry can count
	if got := r.Stats(); got.TooLarge != 1 || got.Entries != 0 {
		t.Errorf("%+v; want the entry refused", got)
	}
}

// crowd fills one shard with used entries and moves them to its main queue.
func crowd(w *world, n int, expires time.Time) *shard {
	r, s := w.NewRegion(), &w.shards[0]
	for i := range n {
		e := &entry{region: r, number: r.number, hash: Hash(key(i), 0), key: string(key(i)), expires: never, size: shortKey + overhead}
		if !expires.IsZero() {
			e.expires = int64(expires.Sub(w.start))
		}
		s.put(e, time.Millisecond, w.Store)
		e.uses.Store(maxUses)
	}
	for s.small.n > 0 {
		s.judgeSmall(-1)
	}
	for e := s.main.oldest; e != nil; e = e.newer {
		e.uses.Store(maxUses)
	}
	return s
}

func TestTheExpiredGetNoOtherRound(t *testing.T) {
	w := newWorld(1 << 15)
	s := crowd(w, 10, w.time.Add(time.Second))
	w.time = w.time.Add(time.Second)
	s.judgeMain(int64(w.clock()), false)
	if s.main.n != 9 {
		t.Errorf("%d of 10 are left after one was judged; want the expired one gone, used or not", s.main.n)
	}
}

func TestOnePutSparesABoundedNumber(t *testing.T) {
	w := newWorld(1 << 30)
	const n = 4 * maxTurns
	s := crowd(w, n, time.Time{})
	s.budget = s.main.bytes - 1
	s.evict(0)
	spared := 0
	for e := s.main.oldest; e != nil; e = e.newer {
		if e.uses.Load() < maxUses {
			spared++
		}
	}
	if s.main.n != n-1 || spared > maxTurns {
		t.Errorf("to drop %d entries %d were spared; the bound is %d", n-s.main.n, spared, maxTurns)
	}
}
