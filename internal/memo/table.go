package memo

// The hash table of a shard: written under the shard's lock, read without it.

import "sync/atomic"

// maxChain bounds the entries of one chain. With honest keys and at most one
// entry a slot on average, a chain of more is not to be expected in 10¹³ Puts.
const maxChain = 16

const minSlots = 64

// A table's slots are chains of entries. A reader walks a chain while a writer
// changes it: an entry that was taken out still leads on to those after it, so
// the reader misses nothing that stood there for the whole of its walk. Only
// growing moves entries between chains: the table is unpublished meanwhile.
type table struct {
	slots atomic.Pointer[[]atomic.Pointer[entry]] // nil while it grows
	n     int
}

func (t *table) init() {
	slots := make([]atomic.Pointer[entry], minSlots)
	t.slots.Store(&slots)
}

// find returns the entry of key in the region of that number, or nil. It may be called without the
// lock: sure is false if the table grew meanwhile, so that nil says nothing.
func (t *table) find(region uint32, h uint64, key string) (e *entry, sure bool) {
	slots := t.slots.Load()
	if slots == nil {
		return nil, false
	}
	for e := (*slots)[h&uint64(len(*slots)-1)].Load(); e != nil; e = e.next.Load() {
		if e.hash == h && e.number == region && e.key == key {
			return e, true
		}
	}
	return nil, t.slots.Load() == slots
}

// chain returns the slot for hash h.
func (t *table) chain(h uint64) *atomic.Pointer[entry] {
	slots := *t.slots.Load()
	return &slots[h&uint64(len(slots)-1)]
}

// insert adds e; false if its chain is full.
func (t *table) insert(e *entry) bool {
	head := t.chain(e.hash)
	length := 0
	for at := head.Load(); at != nil; at = at.next.Load() {
		length++
	}
	if length >= maxChain {
		return false
	}
	e.next.Store(head.Load())
	head.Store(e)
	t.n++
	if t.n > len(*t.slots.Load()) {
		t.grow()
	}
	return true
}

// replace puts e where old stands.
func (t *table) replace(old, e *entry) {
	e.next.Store(old.next.Load())
	t.link(old).Store(e)
}

// remove takes e out.
func (t *table) remove(e *entry) {
	t.link(e).Store(e.next.Load())
	t.n--
}

// link returns the pointer that leads to e.
func (t *table) link(e *entry) *atomic.Pointer[entry] {
	at := t.chain(e.hash)
	for {
		next := at.Load()
		if next == e {
			return at
		}
		if next == nil {
			panic("bug: memo: entry is not in its chain")
		}
		at = &next.next
	}
}

// grow doubles the slots.
func (t *table) grow() {
	old := *t.slots.Load()
	t.slots.Store(nil)
	slots := make([]atomic.Pointer[entry], 2*len(old))
	for i := range old {
		for e := old[i].Load(); e != nil; {
			next := e.next.Load()
			head := &slots[e.hash&uint64(len(slots)-1)]
			e.next.Store(head.Load())
			head.Store(e)
			e = next
		}
	}
	t.slots.Store(&slots)
}
