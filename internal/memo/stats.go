package memo

// What a store and its regions count.

import "sync/atomic"

// Stats are the counts of a region or a store since it was made.
type Stats struct {
	Entries, Bytes int64 // kept now, with keys and bookkeeping
	Hits, Misses   int64 // of Get
	Puts           int64 // kept
	Evicted        int64 // for want of memory
	Expired        int64 // past their time
	Dropped        int64 // by Delete, DropIf or Close, or replaced
	TooLarge       int64 // refused: more than half of a shard
	TooLate        int64 // refused: already expired, or the region closed
	Crowded        int64 // refused: too many keys of one hash
}

// Add adds what was counted elsewhere.
func (s *Stats) Add(t Stats) {
	s.Entries += t.Entries
	s.Bytes += t.Bytes
	s.Hits += t.Hits
	s.Misses += t.Misses
	s.Puts += t.Puts
	s.Evicted += t.Evicted
	s.Expired += t.Expired
	s.Dropped += t.Dropped
	s.TooLarge += t.TooLarge
	s.TooLate += t.TooLate
	s.Crowded += t.Crowded
}

// A cause says why an entry left, or was refused.
type cause int

const (
	evicted cause = iota
	expired
	dropped
	tooLarge
	tooLate
	crowded
	causes
)

// counts are a region's counters in one shard. Hits and misses are counted
// without a lock; what follows belongs to the holder of the shard's. The padding
// keeps the counters of different shards on different cache lines.
type counts struct {
	hits, misses atomic.Int64

	entries, bytes, puts int64
	gone                 [causes]int64
	_                    [40]byte
}

// Stats returns the region's counts. They are exact when nothing else runs.
func (r *Region) Stats() Stats {
	var s Stats
	for i := range r.counts {
		s.Add(r.store.shards[i].stats(&r.counts[i]))
	}
	return s
}

func (s *shard) stats(c *counts) Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{
		Entries: c.entries, Bytes: c.bytes, Puts: c.puts,
		Hits: c.hits.Load(), Misses: c.misses.Load(),
		Evicted: c.gone[evicted], Expired: c.gone[expired], Dropped: c.gone[dropped],
		TooLarge: c.gone[tooLarge], TooLate: c.gone[tooLate], Crowded: c.gone[crowded],
	}
}

// Stats returns the sum over all regions, closed ones included.
func (s *Store) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := s.past
	for _, r := range s.regions {
		sum.Add(r.Stats())
	}
	return sum
}

// Len returns the number of entries kept.
func (s *Store) Len() int {
	n := 0
	for i := range s.shards {
		n += s.shards[i].len()
	}
	return n
}

// Bytes returns what the entries kept take.
func (s *Store) Bytes() int64 {
	var n int64
	for i := range s.shards {
		n += s.shards[i].bytes()
	}
	return n
}
