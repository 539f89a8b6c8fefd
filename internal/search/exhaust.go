package search

// All legal sets of few candidates.

// exhaust looks at every legal set of the candidates, and returns the best. Sets are passed over that contain
// one which is not legal, and those that could not be better if each further candidate saved all that it can. done is
// false if it had to stop before.
func (s *search) exhaust(best []*Candidate, reached score) (_ []*Candidate, _ score, done bool, err error) {
	e := &exhaustion{search: s, best: best, reached: reached, rest: make([]float64, len(s.all)+1)}
	for i := len(s.all) - 1; i >= 0; i-- {
		e.rest[i] = e.rest[i+1] + s.most(s.all[i])
	}
	empty, err := s.score(nil)
	if err != nil {
		return nil, never, false, err
	}
	done, err = e.from(nil, empty, 0)
	return e.best, e.reached, done, err
}

type exhaustion struct {
	*search
	best    []*Candidate
	reached score
	rest    []float64 // what the candidates from each one on save together, at most
}

// from looks at a set with any of the candidates from i on.
func (e *exhaustion) from(set []*Candidate, at score, i int) (done bool, err error) {
	if at.number() < e.reached.number() {
		e.best, e.reached = set, at
	}
	if i == len(e.all) || at.number()-e.rest[i] >= e.reached.number() {
		return true, nil
	}
	if e.spent() {
		return false, nil
	}
	more := append(set[:len(set):len(set)], e.all[i])
	if e.illegal(more) == nil {
		sets := [][]*Candidate{more}
		if i+1 < len(e.all) { // for another processor: it is asked for soon
			sets = append(sets, append(set[:len(set):len(set)], e.all[i+1]))
		}
		scores, err := e.scores(sets)
		if err != nil {
			return false, err
		}
		if done, err = e.from(more, scores[0], i+1); err != nil || !done {
			return done, err
		}
	}
	return e.from(set, at, i+1)
}
