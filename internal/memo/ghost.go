package memo

// The ghost queue: which keys left the small queue lately without a second use.

// A ghosts remembers the hashes of evicted keys, oldest first. A false match of
// two hashes does no more than let a newcomer skip the small queue.
type ghosts struct {
	at    map[uint64]uint32 // hash → index in the order of arrival, modulo 2³²
	queue []uint64          // a ring; its length is a power of two
	first uint32            // index of the oldest
	next  uint32            // index of the next to come
}

// add remembers h, and forgets the oldest while there are more than limit.
func (g *ghosts) add(h uint64, limit int) {
	if limit <= 0 {
		return
	}
	if g.at == nil {
		g.at = make(map[uint64]uint32)
	}
	if int(g.next-g.first) == len(g.queue) {
		g.grow()
	}
	g.queue[g.next&uint32(len(g.queue)-1)] = h
	g.at[h] = g.next
	g.next++
	for int(g.next-g.first) > limit {
		g.forgetOldest()
	}
}

// take reports whether h is remembered, and forgets it.
func (g *ghosts) take(h uint64) bool {
	if _, ok := g.at[h]; !ok {
		return false
	}
	delete(g.at, h) // its place in the queue passes by when it is the oldest
	return true
}

func (g *ghosts) forgetOldest() {
	h := g.queue[g.first&uint32(len(g.queue)-1)]
	if at, ok := g.at[h]; ok && at == g.first {
		delete(g.at, h)
	}
	g.first++
}

func (g *ghosts) grow() {
	ring := make([]uint64, max(64, 2*len(g.queue)))
	for i := g.first; i != g.next; i++ {
		ring[i&uint32(len(ring)-1)] = g.queue[i&uint32(len(g.queue)-1)]
	}
	g.queue = ring
}
