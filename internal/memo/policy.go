package memo

// Which entry goes when memory is short: S3-FIFO, with cost.

import (
	"math/bits"
	"time"
)

const (
	maxUses    = 3   // hits counted at most
	smallShare = 10  // the small queue's share of the budget: one part of this many
	maxTurns   = 512 // entries that one Put may spare before it takes one whatever its worth
)

// An entry's worth is its uses since it was last judged and its credit: what it
// cost for every byte it takes, against the average of what was put lately, on
// a logarithmic scale: one more for twice the average, one less for a half. With
// like costs and sizes this is S3-FIFO, except that one use, not two, moves an
// entry to the main queue: on real traces one was never behind the best of
// other policies by more than 0.01, two was (docs/benchmarks.md).
type worth struct {
	average int64 // moving average of the logarithm, in 1/averageOver
	seen    bool
}

const (
	maxCredit   = 5
	averageOver = 256 // Puts that the average reaches back
)

func (w *worth) credit(cost time.Duration, size int64) int8 {
	d := (log2(max(int64(cost), 1)) - log2(size)) * averageOver
	if !w.seen {
		w.average, w.seen = d, true
	}
	above := (d - w.average) / averageOver
	w.average += (d - w.average) / averageOver
	return int8(min(max(above, -maxCredit), maxCredit))
}

func log2(n int64) int64 { return int64(bits.Len64(uint64(n))) }

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
// proved itself, else out, remembering it.
func (s *shard) judgeSmall(now int64) {
	e := s.small.oldest
	switch {
	case e.expires <= now:
		s.drop(e, expired)
	case e.proved():
		s.small.remove(e)
		e.uses.Store(0)
		e.main = true
		s.main.push(e)
	default:
		s.drop(e, evicted)
		s.ghosts.add(e.hash, s.table.n+s.table.n/4)
	}
}

// judgeMain lets the oldest entry of the main queue pay for another round with
// some of its worth, or drops it.
func (s *shard) judgeMain(now int64, force bool) {
	e := s.main.oldest
	switch {
	case e.expires <= now:
		s.drop(e, expired)
	case e.worth() > 0 && !force:
		s.main.remove(e)
		if uses := e.uses.Load(); uses > 0 {
			e.uses.Store(uses - 1)
		} else {
			e.credit--
		}
		s.main.push(e)
	default:
		s.drop(e, evicted)
	}
}

// proved reports whether an entry of the small queue has earned the main one. Of
// what was never used only that of the highest credit has, 32 times the average:
// to promote more unseen won more where sizes differ widely, but lost more where
// costs fall into a few classes, whose upper one then floods the main queue.
func (e *entry) proved() bool {
	if e.uses.Load() == 0 {
		return e.credit == maxCredit
	}
	return e.worth() > 0
}

func (e *entry) worth() int { return int(e.uses.Load()) + int(e.credit) }
