package search

// The climb: the best candidate next to what is chosen, again and again; and what is left out at the end.

import (
	"math"
	"runtime"
	"slices"

	"fluxo.dev/fluxo/internal/plan"
)

// worthwhile is the share of the goal that a decision has to gain.
const worthwhile = 0.005

// with is a set with one more, in place of what may not stand beside it.
func (s *search) with(set []*Candidate, c *Candidate) []*Candidate {
	out := slices.DeleteFunc(slices.Clone(set), func(o *Candidate) bool {
		return o == c || o.family == c.family || o.Flow == c.Flow && s.illegal([]*Candidate{o, c}) != nil
	})
	return append(out, c)
}

func without(set []*Candidate, c *Candidate) []*Candidate {
	return slices.DeleteFunc(slices.Clone(set), func(o *Candidate) bool { return o == c })
}

// climb adds to a set what gains most, as long as something does. Who gained little before is not tried again
// until nobody else gains: what one gains seldom grows with what is chosen already (M. Minoux, "Accelerated greedy
// algorithms for maximizing submodular set functions", 1978).
func (s *search) climb(set []*Candidate) (_ []*Candidate, present score, err error) {
	if present, err = s.score(set); err != nil {
		return nil, never, err
	}
	hope := map[*Candidate]float64{} // what each may gain
	for _, c := range s.all {
		hope[c] = s.most(c)
	}
	for !s.spent() {
		best, gains, err := s.next(set, present, hope)
		if err != nil || best == nil {
			return set, present, err
		}
		set, present = s.with(set, best), gains
		s.tell("%s: %s", best, Text(s.judge.goal, present.goal))
		if set, present, err = s.prune(set, present); err != nil {
			return nil, never, err
		}
	}
	return set, present, nil
}

// next finds the candidate that gains most.
func (s *search) next(set []*Candidate, present score, hope map[*Candidate]float64) (best *Candidate, reached score, err error) {
	rest := slices.DeleteFunc(slices.Clone(s.all), func(c *Candidate) bool { return slices.Contains(set, c) })
	now := present.number()
	least := s.least()
	fresh := map[*Candidate]bool{}
	gain := 0.0
	for len(fresh) < len(rest) && !s.spent() {
		slices.SortStableFunc(rest, func(a, b *Candidate) int {
			if fresh[a] != fresh[b] {
				if fresh[b] {
					return -1
				}
				return 1
			}
			return descending(hope[a], hope[b])
		})
		var batch []*Candidate
		for _, c := range rest {
			if !fresh[c] && len(batch) < 2*runtime.GOMAXPROCS(0) && (best == nil || hope[c] > gain) {
				batch = append(batch, c)
			}
		}
		if len(batch) == 0 {
			break
		}
		sets := make([][]*Candidate, len(batch))
		for i, c := range batch {
			sets[i] = s.with(set, c)
		}
		scores, err := s.scores(sets)
		if err != nil {
			return nil, never, err
		}
		for i, c := range batch {
			fresh[c] = true
			hope[c] = now - scores[i].number()
			if hope[c] > max(gain, least) {
				best, gain, reached = c, hope[c], scores[i]
			}
		}
	}
	return best, reached, nil
}

func descending(a, b float64) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}

// most is what a candidate can gain at most, where that is known: what saves time says nothing of other measures.
func (s *search) most(c *Candidate) float64 {
	if s.judge.goal != plan.Mean || len(s.judge.limits) > 0 {
		return math.Inf(1)
	}
	return c.bound / float64(len(s.part.Runs))
}

// least is what a decision has to gain.
func (s *search) least() float64 { return s.written.goal * worthwhile }

// prune leaves out what does not pay beside the others, the least first.
func (s *search) prune(set []*Candidate, present score) ([]*Candidate, score, error) {
	for len(set) > 0 {
		sets := make([][]*Candidate, len(set))
		for i, c := range set {
			sets[i] = without(set, c)
		}
		scores, err := s.scores(sets)
		if err != nil {
			return nil, never, err
		}
		least := 0
		for i := range scores {
			if scores[i].number() < scores[least].number() {
				least = i
			}
		}
		if scores[least].number() > present.number()+s.least()/2 {
			break
		}
		set, present = sets[least], scores[least]
	}
	return set, present, nil
}
