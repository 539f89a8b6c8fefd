package search

// The climb: the best candidate next to what is chosen, again and again; and what is left out at the end.

import (
	"math"
	"slices"

	"fluxo.dev/fluxo/internal/plan"
)

// worthwhile is the share of the goal that a decision has to gain: of what is reached, which may be a small part of the goal as written.
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

// climb adds to a set what gains most, as long as something does: one candidate, or several of those that gain by
// themselves, if that is better. Who gained little before is not tried again until nobody else gains: what one gains
// seldom grows with what is chosen already (M. Minoux, "Accelerated greedy algorithms for maximizing
// submodular set functions", 1978). Of each family one is
// tried, and its numbers last. None of a banned one is added.
func (s *search) climb(set []*Candidate, banned ...string) (_ []*Candidate, present score, err error) {
	if present, err = s.score(set); err != nil {
		return nil, never, err
	}
	hope := map[*Candidate]float64{} // what each may gain
	for _, c := range s.all {
		if c.head && !slices.Contains(banned, c.family) {
			hope[c] = s.most(c)
		}
	}
	for !s.spent() {
		gain, err := s.look(set, present, hope)
		if err != nil {
			return nil, never, err
		}
		if len(gain) == 0 {
			break
		}
		if set, present, err = s.step(set, gain); err != nil {
			return nil, never, err
		}
	}
	if set, present, err = s.tune(set, present); err != nil {
		return nil, never, err
	}
	return s.prune(set, present)
}

// tune looks for better numbers, of one decision after the other.
func (s *search) tune(set []*Candidate, present score) ([]*Candidate, score, error) {
	for _, c := range slices.Clone(set) {
		var sets [][]*Candidate
		for _, o := range s.all {
			if o != c && o.family == c.family {
				sets = append(sets, s.with(set, o))
			}
		}
		scores, err := s.scores(sets)
		if err != nil {
			return nil, never, err
		}
		for i, sc := range scores {
			if sc.number() < present.number() {
				set, present = sets[i], sc
			}
		}
	}
	return set, present, nil
}

// look replays a set with each of the candidates that may gain most, and returns those that gain enough, the best first.
func (s *search) look(set []*Candidate, present score, hope map[*Candidate]float64) (gain []*Candidate, err error) {
	rest := slices.DeleteFunc(slices.Clone(s.all), func(c *Candidate) bool {
		_, may := hope[c]
		return !may || slices.ContainsFunc(set, func(o *Candidate) bool { return o.family == c.family })
	})
	slices.SortStableFunc(rest, func(a, b *Candidate) int { return descending(hope[a], hope[b]) })
	best := s.least(present)
	for batch := range slices.Chunk(rest, atOnce) {
		if s.spent() || len(gain) > 0 && hope[batch[0]] <= best {
			break
		}
		sets := make([][]*Candidate, len(batch))
		for i, c := range batch {
			sets[i] = s.with(set, c)
		}
		scores, err := s.scores(sets)
		if err != nil {
			return nil, err
		}
		for i, c := range batch {
			hope[c] = present.number() - scores[i].number()
			if hope[c] > s.least(present) {
				gain, best = append(gain, c), max(best, hope[c])
			}
		}
	}
	slices.SortStableFunc(gain, func(a, b *Candidate) int { return descending(hope[a], hope[b]) })
	return gain, nil
}

// atOnce is how many candidates are replayed before it is looked at whether one gains more than the others could.
const atOnce = 8

// step adds to a set the first of gain, or the first few of them, whatever is better.
func (s *search) step(set []*Candidate, gain []*Candidate) ([]*Candidate, score, error) {
	var sets [][]*Candidate
	for n := 1; ; n = min(2*n, len(gain)) {
		next := s.with(set, gain[0])
		for _, c := range gain[1:n] {
			if more := append(slices.Clone(next), c); s.illegal(more) == nil {
				next = more
			}
		}
		sets = append(sets, next)
		if n == len(gain) {
			break
		}
	}
	scores, err := s.scores(sets)
	if err != nil {
		return nil, never, err
	}
	best := 0
	for i := range scores {
		if scores[i].number() < scores[best].number() {
			best = i
		}
	}
	s.tell("decisions: %d; %s", len(sets[best]), Text(s.judge.goal, scores[best].goal))
	return sets[best], scores[best], nil
}

// rebuild takes away decisions about runs of nodes, one after the other, and climbs again without any of that family:
// what one region saves hides what several in its place would (G. Schrimpf et al., "Record breaking optimization results using the ruin
// and recreate principle", 2000).
func (s *search) rebuild(set []*Candidate, present score) ([]*Candidate, score, error) {
	tried := map[string]bool{}
	for i := 0; i < len(set) && !s.spent(); {
		c := set[i]
		if tried[c.family] || !c.spans() {
			i++
			continue
		}
		tried[c.family] = true
		other, reached, err := s.climb(without(set, c), c.family)
		if err != nil {
			return nil, never, err
		}
		if reached.number() < present.number()-s.least(present) {
			set, present, i = other, reached, 0
		}
	}
	return set, present, nil
}

// sparing is the share of nodes run that a decision has to save that gains nothing else. It is small: what is asked for most is rarer in a
// sample of contents than in the whole, and so are hits.
const sparing = 0.01

// spare adds the decision about a run of nodes that saves most of the nodes run, if the goal stays as good: what they
// and the answer around them take of the processors is too little to show in a request's time, and counts where many more come. What
// does not pay beside it is left out.
func (s *search) spare(set []*Candidate, present score) ([]*Candidate, error) {
	var sets [][]*Candidate
	for _, c := range s.all {
		if more := append(slices.Clone(set), c); c.head && c.spans() && !slices.Contains(set, c) && s.illegal(more) == nil {
			sets = append(sets, more)
		}
	}
	scores, err := s.scores(sets)
	if err != nil {
		return nil, err
	}
	most := present.number() + s.least(s.written) // little beside a request as written
	best, work := -1, present.work*(1-sparing)
	for i, sc := range scores {
		if sc.legal() && sc.number() <= most && sc.work < work {
			best, work = i, sc.work
		}
	}
	if best < 0 {
		return set, nil
	}
	set, _, err = s.prune(sets[best], scores[best], sets[best][len(set)])
	return set, err
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
	return c.bound / float64(s.awaited)
}

// least is what a decision has to gain over a plan.
func (s *search) least(present score) float64 { return min(present.goal, s.written.goal) * worthwhile }

// prune leaves out what does not pay beside the others, the least first, but for some.
func (s *search) prune(set []*Candidate, present score, but ...*Candidate) ([]*Candidate, score, error) {
	for len(set) > len(but) {
		var sets [][]*Candidate
		for _, c := range set {
			if !slices.Contains(but, c) {
				sets = append(sets, without(set, c))
			}
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
		if scores[least].number() > present.number()+s.least(present)/2 {
			break
		}
		set, present = sets[least], scores[least]
	}
	return set, present, nil
}
