package sim

// Times that a node took, and how one of them is drawn.

import (
	"math/rand/v2"
	"slices"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

// maxTimes bounds the times that are remembered of one node, each of successes and of failures. Of more
// of them a sample is kept, of which each has the same chance to be (J. Vitter, "Random sampling
// with a reservoir", 1985).
const maxTimes = 1 << 12

// times are those of one node.
type times struct {
	all  []time.Duration // sorted, once that is settled
	seen int
	rng  *rand.Rand
}

func (t *times) add(d time.Duration) {
	t.seen++
	if len(t.all) < maxTimes {
		t.all = append(t.all, d)
		return
	}
	if t.rng == nil {
		t.rng = rand.New(rand.NewPCG(1, 0x74))
	}
	if i := t.rng.IntN(t.seen); i < maxTimes {
		t.all[i] = d
	}
}

func (t *times) settle() { slices.Sort(t.all) }

// draw returns one of the times, by a seed; false if there is none.
func (t *times) draw(seed uint64) (time.Duration, bool) {
	if len(t.all) == 0 {
		return 0, false
	}
	return t.all[seed%uint64(len(t.all))], true
}

// seedOf mixes what a draw depends on: who asks, and for what.
func seedOf(parts ...uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, p := range parts {
		h = (h ^ p) * 0xff51afd7ed558ccd
		h ^= h >> 32
		h *= 0xc4ceb9fe1a85ec53
		h ^= h >> 29
	}
	return h
}

// took returns what a visit takes in scene s, which recorded it: its own time, unless times are
// drawn. Without a scene nobody recorded it, and it takes a time that the node took.
func (r *replay) took(fl *flow, n *node, s *scene, v *profile.Visit) time.Duration {
	ty := fl.usual.nodes[n.number]
	if ty == nil || s != nil && !ty.foreign {
		return v.Alone()
	}
	from := &ty.ended
	if v.Kind != "" || v.Exit == profile.Raised {
		from = &ty.failed
	}
	var who uint64
	if s != nil {
		who = s.number
	} else {
		r.strays++
		who = r.strays
	}
	if d, ok := from.draw(seedOf(r.options.Seed, who, uint64(n.number))); ok {
		return d
	}
	return v.Alone()
}

// median returns the middle one; 0 of none.
func (t *times) median() time.Duration {
	if len(t.all) == 0 {
		return 0
	}
	return t.all[len(t.all)/2]
}
