package memo

// Entries, and the queues they wait in.

import (
	"sync/atomic"
	"unsafe"
)

// never is the expiry of an entry that does not expire.
const never = int64(^uint64(0) >> 1)

// overhead is what an entry takes beside its key and value: the entry itself
// (96 bytes), its slot in the table (8 to 16), and the memory of an evicted
// key's hash, of which there are five for every four entries (about 40 each).
const overhead = 160

// An entry is one kept result. What a reader needs fills 64 bytes: it
// never changes once readers can see the entry, but for uses and next, which may
// be read without the lock. The rest belongs to the holder of the shard's lock.
type entry struct {
	next    atomic.Pointer[entry] // the next of its chain in the table
	hash    uint64
	key     string
	value   any
	expires int64         // nanoseconds after the store's start, or never
	number  uint32        // of its region
	uses    atomic.Uint32 // hits since the entry was last judged, at most maxUses

	region       *Region
	newer, older *entry
	size         int32 // bytes with key and overhead
	main         bool  // in the main queue, not the small one
	credit       int8  // what its cost adds to its uses when it is judged; see policy.go
}

// shortKey is the length of the keys that lie beside their entry, in the cache
// line after the one that a reader looks at first. Longer ones have memory of their own.
const shortKey = 32

// newEntry returns an entry with a copy of key.
func newEntry(key []byte) *entry {
	if len(key) > shortKey {
		return &entry{key: string(key)}
	}
	e := new(struct {
		entry
		short [shortKey]byte
	})
	copy(e.short[:], key)
	e.key = unsafe.String(&e.short[0], len(key))
	return &e.entry
}

// used counts a hit. Concurrent hits may be lost, which does no harm; a popular
// entry is at the maximum and is not written at all.
func (e *entry) used() {
	if u := e.uses.Load(); u < maxUses {
		e.uses.Store(u + 1)
	}
}

// A queue is a list of entries from oldest to newest.
type queue struct {
	oldest, newest *entry
	bytes          int64
	n              int
}

func (q *queue) push(e *entry) {
	e.older, e.newer = q.newest, nil
	if q.newest != nil {
		q.newest.newer = e
	} else {
		q.oldest = e
	}
	q.newest = e
	q.bytes += int64(e.size)
	q.n++
}

func (q *queue) remove(e *entry) {
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		q.oldest = e.newer
	}
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		q.newest = e.older
	}
	e.older, e.newer = nil, nil
	q.bytes -= int64(e.size)
	q.n--
}

// replace puts e where old stands.
func (q *queue) replace(old, e *entry) {
	e.older, e.newer = old.older, old.newer
	if e.older != nil {
		e.older.newer = e
	} else {
		q.oldest = e
	}
	if e.newer != nil {
		e.newer.older = e
	} else {
		q.newest = e
	}
	old.older, old.newer = nil, nil
	q.bytes += int64(e.size - old.size)
}
