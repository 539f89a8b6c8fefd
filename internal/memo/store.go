package memo

// The store and its regions: what the engine calls.

import (
	"math/bits"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// Of n shards each has at least n times 16 KiB, so that more callers can put at
// once where there is more to put, and shards stay large enough for large
// results: 32 shards of 2 MiB at 64 MiB, one below 64 KiB.
const (
	shardQuantum = 1 << 14
	maxShards    = 32
)

// tooMuch is the size in bytes that no entry reaches, however large the store.
const tooMuch = 1<<31 - 1

// A Store keeps results under one budget of bytes. All methods of a Store and
// of its regions may be called at the same time.
type Store struct {
	start  time.Time
	clock  func() time.Duration // after start
	shards []shard
	shift  uint // of a hash, to the index of its shard

	mu      sync.Mutex
	regions []*Region
	last    uint32 // number of the region made last; a program makes fewer than 2³²
	past    Stats  // of closed regions
}

// New returns an empty store of at most maxBytes bytes, keys and bookkeeping
// included. It asks clock for the time that has passed since start.
func New(maxBytes int64, start time.Time, clock func() time.Duration) *Store {
	n := 1
	for n < maxShards && maxBytes/int64(2*n) >= int64(2*n)*shardQuantum {
		n *= 2
	}
	maxBytes = max(maxBytes, 0)
	s := &Store{
		start: start, clock: clock,
		shards: make([]shard, n), shift: uint(64 - bits.Len(uint(n-1))),
	}
	for i := range s.shards {
		s.shards[i].init(maxBytes / int64(n))
	}
	return s
}

// A Region is the part of a store that belongs to one stored region of a plan.
// Keys of different regions never match. It is a handful of counters beside its
// entries: it takes no share of the budget.
type Region struct {
	store  *Store
	number uint32
	seed   uint64
	closed atomic.Bool
	counts []counts // one for each shard
}

// NewRegion returns a new, empty region.
func (s *Store) NewRegion() *Region {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	r := &Region{store: s, number: s.last, seed: uint64(s.last) * mixB, counts: make([]counts, len(s.shards))}
	s.regions = append(s.regions, r)
	return r
}

// Get returns the value kept under key. It takes no lock and allocates nothing.
func (r *Region) Get(key []byte) (any, bool) {
	e, at := r.find(key)
	if e == nil {
		r.counts[at].misses.Add(1)
		return nil, false
	}
	e.used()
	if r.expired(e) {
		r.counts[at].misses.Add(1)
		return nil, false
	}
	r.counts[at].hits.Add(1)
	return e.value, true
}

// Hit is Get by who asks again with Get if nothing is there that suits him: otherwise it counts for nothing.
func (r *Region) Hit(key []byte, suits func(any) bool) (any, bool) {
	e, at := r.find(key)
	if e == nil || r.expired(e) || !suits(e.value) {
		return nil, false
	}
	e.used()
	r.counts[at].hits.Add(1)
	return e.value, true
}

// find returns the entry of key, nil if there is none, and the index of its shard.
func (r *Region) find(key []byte) (*entry, uint64) {
	h, k := Hash(key, r.seed), unsafe.String(unsafe.SliceData(key), len(key)) // compared, not kept
	at := h >> r.store.shift
	e, sure := r.store.shards[at].table.find(r.number, h, k)
	if !sure {
		e = r.store.shards[at].find(r.number, h, k)
	}
	return e, at
}

func (r *Region) expired(e *entry) bool {
	return e.expires != never && e.expires <= int64(r.store.clock())
}

// Peek is Get by who does not use the value: it counts for nothing.
func (r *Region) Peek(key []byte) (any, bool) {
	e, _ := r.find(key)
	if e == nil || r.expired(e) {
		return nil, false
	}
	return e.value, true
}

// Hash returns a hash of key, the same in every process.
func (r *Region) Hash(key []byte) uint64 { return Hash(key, r.seed) }

// Put keeps value under key until expires, or without limit if expires is zero.
// Size is the value's in bytes; cost is the time it takes to compute it again.
// What is refused (too large, already expired, region closed) shows in Stats; a
// value that key had before is gone in any case.
func (r *Region) Put(key []byte, value any, size int64, cost time.Duration, expires time.Time) {
	e := newEntry(key)
	e.region, e.number, e.hash, e.value, e.expires = r, r.number, Hash(key, r.seed), value, never
	if !expires.IsZero() {
		e.expires = int64(expires.Sub(r.store.start))
	}
	size = min(max(size, 0), tooMuch)
	e.size = int32(min(size+int64(max(len(key), shortKey))+overhead, tooMuch))
	r.store.shards[e.hash>>r.store.shift].put(e, cost, r.store)
}

// Delete drops the entry of key, if any.
func (r *Region) Delete(key []byte) {
	h := Hash(key, r.seed)
	s := &r.store.shards[h>>r.store.shift]
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, _ := s.table.find(r.number, h, string(key)); e != nil {
		s.drop(e, dropped)
	}
}

// DropIf drops the entries whose key matches. It looks at every entry of the
// store, shard by shard; match must not call the store.
func (r *Region) DropIf(match func(key string) bool) {
	for i := range r.store.shards {
		r.store.shards[i].dropIf(func(e *entry) bool { return e.region == r && match(e.key) })
	}
}

// Close drops all entries of the region and refuses any further Put.
func (r *Region) Close() {
	if r.closed.Swap(true) {
		return
	}
	r.DropIf(func(string) bool { return true })
	s := r.store
	s.mu.Lock()
	defer s.mu.Unlock()
	s.past.Add(r.Stats())
	for i, other := range s.regions {
		if other == r {
			s.regions = append(s.regions[:i], s.regions[i+1:]...)
			break
		}
	}
}
