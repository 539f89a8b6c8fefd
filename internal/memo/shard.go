package memo

// A shard: one independent S3-FIFO over a part of the keys.

import (
	"sync"
	"time"
)

// sweepSlots is how many slots of the table each Put looks through for expired
// entries: the hand is round after half as many Puts as there are slots.
const sweepSlots = 2

// refuseShare bounds an entry: one part of this many of its shard's budget.
const refuseShare = 2

type shard struct {
	table  table
	budget int64

	mu          sync.Mutex // guards what follows, and changes of the table
	small, main queue
	ghosts      ghosts
	worth       worth
	mortal      int    // entries that expire
	hand        uint64 // slot of the table where the sweep goes on
	_           [64]byte
}

func (s *shard) init(budget int64) {
	s.budget = budget
	s.table.init()
}

// find looks up under the lock, where the table does not grow.
func (s *shard) find(region uint32, h uint64, key string) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, _ := s.table.find(region, h, key)
	return e
}

// put keeps e, or refuses it; what stood under its key goes in any case.
func (s *shard) put(e *entry, cost time.Duration, store *Store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var now int64
	if s.mortal > 0 || e.expires != never {
		now = int64(store.clock())
		s.sweep(now)
	}
	old, _ := s.table.find(e.number, e.hash, e.key)
	if why, ok := s.refuse(e, now); ok {
		if old != nil {
			s.drop(old, dropped)
		}
		s.count(e).gone[why]++
		return
	}
	e.credit = s.worth.credit(cost, int64(e.size))
	if old != nil {
		s.replace(old, e)
	} else {
		if !s.table.insert(e) {
			s.count(e).gone[crowded]++
			return
		}
		if e.main = s.ghosts.take(e.hash); e.main {
			s.main.push(e)
		} else {
			s.small.push(e)
		}
	}
	s.kept(e, 1)
	s.count(e).puts++
	s.evict(now)
}

// refuse says why e cannot be kept, if it cannot.
func (s *shard) refuse(e *entry, now int64) (cause, bool) {
	switch {
	case int64(e.size) > s.budget/refuseShare, e.size == tooMuch:
		return tooLarge, true
	case e.expires <= now, e.region.closed.Load():
		return tooLate, true
	}
	return 0, false
}

// replace puts e in old's places. It inherits old's uses: that a key is popular
// does not change with its value.
func (s *shard) replace(old, e *entry) {
	e.uses.Store(old.uses.Load())
	e.main = old.main
	s.table.replace(old, e)
	s.queueOf(old).replace(old, e)
	s.kept(old, -1)
	s.count(old).gone[dropped]++
}

// drop takes e out.
func (s *shard) drop(e *entry, why cause) {
	s.table.remove(e)
	s.queueOf(e).remove(e)
	s.kept(e, -1)
	s.count(e).gone[why]++
}

// dropIf drops the entries that match.
func (s *shard) dropIf(match func(*entry) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range []*queue{&s.small, &s.main} {
		for e := q.oldest; e != nil; {
			newer := e.newer
			if match(e) {
				s.drop(e, dropped)
			}
			e = newer
		}
	}
}

// sweep drops the expired entries of the next few slots.
func (s *shard) sweep(now int64) {
	for range sweepSlots {
		for e := s.table.chain(s.hand).Load(); e != nil; e = e.next.Load() {
			if e.expires <= now {
				s.drop(e, expired)
			}
		}
		s.hand++
	}
}

func (s *shard) queueOf(e *entry) *queue {
	if e.main {
		return &s.main
	}
	return &s.small
}

func (s *shard) count(e *entry) *counts { return &e.region.counts[e.hash>>e.region.store.shift] }

// kept adds n times e to what is counted as kept.
func (s *shard) kept(e *entry, n int64) {
	c := s.count(e)
	c.entries += n
	c.bytes += n * int64(e.size)
	if e.expires != never {
		s.mortal += int(n)
	}
}

func (s *shard) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.table.n
}

func (s *shard) bytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.small.bytes + s.main.bytes
}
