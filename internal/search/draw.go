package search

// Plans drawn by chance: to hold predictions against what is measured, of more than the plans that
// a search likes.

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"fluxo.dev/fluxo/internal/plan"
)

// maxDrawn bounds the decisions of a plan that is drawn.
const maxDrawn = 8

// drawTries bounds how often a plan is drawn again that was drawn before.
const drawTries = 100

// Draw returns n different legal plans, from such with one decision to such with many. It reads the
// trace and asks the patterns as Find does. There may be fewer if there are hardly any candidates.
func Draw(ctx context.Context, p Problem, n int, seed uint64) ([]*plan.File, error) {
	s, err := begin(ctx, p)
	if err != nil {
		return nil, err
	}
	if len(s.all) == 0 {
		return nil, fmt.Errorf("no pattern proposes anything that is legal")
	}
	rng := rand.New(rand.NewPCG(seed, 0xd2))
	drawn := map[string]bool{}
	var out []*plan.File
	for i := range n {
		size := 1 + i*maxDrawn/n
		for range drawTries {
			set := s.draw(rng, size)
			key := wholeKey(set)
			if drawn[key] {
				continue
			}
			drawn[key] = true
			f, err := s.file(set)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
			break
		}
	}
	return out, ctx.Err()
}

// draw adds candidates in an order by chance as long as they are legal together, up to so many.
func (s *search) draw(rng *rand.Rand, size int) (set []*Candidate) {
	for _, i := range rng.Perm(len(s.all)) {
		with := append(slices.Clone(set), s.all[i])
		if len(set) < size && s.flow(s.all[i].Flow, with).err == nil {
			set = with
		}
	}
	return set
}
