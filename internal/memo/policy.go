package memo

// Which entry goes when memory is short: S3-FIFO, with cost.

import (
	"math/bits"
	"time"
)

const (
	maxUses    = 3   // hits counted at most
	promoteAt  = 2   // an entry of this worth moves from the small queue to the main one
	smallShare = 10  // the small queue's share of the budget: one part of this many
	maxTurns   = 512 // entries that one Put may spare before it takes one whatever its worth
)

// An entry's worth is its uses since it was last judged and its credit: what it
// cost for every byte it takes, against the average of what was put lately, on
// a logarithmic scale: one use more for four times the average, one less for a
// quarter, at most two. With like costs and sizes this is S3-FIFO as published.
type worth struct {
	average int64 // moving average of the logarithm, in 1/256
	seen    bool
}

const (
	creditStep  = 2 // doublings of cost per byte for one credit
	maxCredit   = 2
	averageOver = 1 << 8 // Puts that the average reaches back
)

func (w *worth) credit(cost time.Duration, size int64) int8 {
	d := (log2(uint64(max(cost, 1))) - log2(uint64(size))) * averageOver
	if !w.seen {
		w.average, w.seen = d, true
	}
	above := (d - w.average) / averageOver
	w.average += (d - w.average) / averageOver
	return int8(min(max(above/creditStep, -maxCredit), maxCredit))
}

func log2(n uint64) int64 { return int64(bits.Len64(n)) }

// evict makes room until the shard is within its budget.
func (s *shard) evict(now int64) {
	for turns := 0; s.small.bytes+s.main.bytes > s.budget; turns++ {
		if s.small.bytes > s.budget/smallShare || s.main.n == 0 {
			s.judgeSmall(now)
		} else {
			s.judgeMain(now, turns >= maxTurns)
		}
	}
}

// judgeSmall moves the oldest entry of the small queue to the main queue if it
// was used, else out, remembering it.
func (s *shard) judgeSmall(now int64) {
	e := s.small.oldest
	switch {
	case e.expires <= now:
		s.drop(e, expired)
	case int(e.uses.Load())+int(e.credit) >= promoteAt:
		s.small.remove(e)
		e.uses.Store(0)
		e.main = true
		s.main.push(e)
	default:
		s.drop(e, evicted)
		s.ghosts.add(e.hash, s.table.n)
	}
}

// judgeMain gives the oldest entry of the main queue another round for a use,
// or drops it.
func (s *shard) judgeMain(now int64, force bool) {
	e := s.main.oldest
	switch {
	case e.expires <= now:
		s.drop(e, expired)
	case !force && e.spare():
		s.main.remove(e)
		s.main.push(e)
	default:
		s.drop(e, evicted)
	}
}

// spare reports whether e's worth keeps it, and takes one from it.
func (e *entry) spare() bool {
	uses := e.uses.Load()
	if int(uses)+int(e.credit) <= 0 {
		return false
	}
	if uses > 0 {
		e.uses.Store(uses - 1)
	} else {
		e.credit--
	}
	return true
}
