package search

// Simulated annealing: a plan is changed at random, and a worse one is taken too, the less often the
// longer it goes on (S. Kirkpatrick et al., "Optimization by simulated annealing", 1983).

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Bounds of annealing: changes that are tried, and the temperatures from and to which it goes, in parts
// of the goal without any plan.
const (
	beside       = 4  // changes of one plan that are replayed together, however many processors there are
	changes      = 60 // and ten for each candidate
	maxChanges   = 2000
	hot, cooled  = 0.02, 0.0003
	annealedFrom = 0x5a // seed
)

// anneal changes a set, and returns the best that it came by.
func (s *search) anneal(set []*Candidate, present score) ([]*Candidate, score, error) {
	rng := rand.New(rand.NewPCG(annealedFrom, uint64(len(s.all))))
	best, reached := set, present
	n := min(changes+10*len(s.all), maxChanges)
	for i := 0; i < n && !s.spent(); {
		// Several changes of one plan are replayed beside each other. The first that is taken counts.
		var sets [][]*Candidate
		for range beside {
			sets = append(sets, s.change(rng, set))
		}
		scores, err := s.scores(sets)
		if err != nil {
			return nil, never, err
		}
		for k, sc := range scores {
			i++
			heat := s.written.goal * hot * math.Pow(cooled/hot, float64(i)/float64(n))
			worse := sc.number() - present.number()
			if !sc.legal() || worse > 0 && rng.Float64() >= math.Exp(-worse/heat) {
				continue
			}
			set, present = sets[k], sc
			if present.number() < reached.number() {
				best, reached = set, present
			}
			break
		}
	}
	return best, reached, nil
}

// change returns a set that differs in one thing: one is added, removed, put in the place of what it cannot stand
// beside, or has another number.
func (s *search) change(rng *rand.Rand, set []*Candidate) []*Candidate {
	switch x := rng.IntN(10); {
	case x < 3 && len(set) > 0:
		return without(set, set[rng.IntN(len(set))])
	case x < 5 && len(set) > 0:
		c := set[rng.IntN(len(set))]
		near := slices.DeleteFunc(slices.Clone(s.all), func(o *Candidate) bool { return o == c || !o.touches(c) })
		if len(near) > 0 {
			return s.with(without(set, c), near[rng.IntN(len(near))])
		}
	}
	// Those that may save more come more often.
	i := min(rng.IntN(len(s.all)), rng.IntN(len(s.all)))
	return s.with(set, s.all[i])
}
