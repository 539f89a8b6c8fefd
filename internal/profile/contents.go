package profile

// Which contents there were, how many different ones, and after which time they came again: of a sample of contents, drawn by
// their hashes, every use (C. Waldspurger et al., "Efficient MRC construction with SHARDS", FAST 2015, with a
// fixed number of contents). The sample is the smallest hashes, so that those of several processes merge (Z. Bar-Yossef et al.,
// "Counting distinct elements in a data stream", RANDOM 2002).

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// maxContents is the size of the sample, before it is cut to half of that: the number of different contents is known to
// within about 8 per cent.
const maxContents = 512

// Contents are what passed by one place.
type Contents struct {
	Uses  map[uint64]int64 // of each hash in the sample
	Bound uint64           // hashes from it on are left out; 0 for none
	Reuse Sketch           // times after which contents were used again, where both uses were seen; an estimate for all contents

	last map[uint64]time.Duration // when each was used last
}

// spread makes a hash of one whose bits may be uneven.
func spread(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// add notes a use of a content.
func (c *Contents) add(hash uint64, at time.Duration) {
	h := spread(hash)
	if c.Bound != 0 && h >= c.Bound {
		return
	}
	if c.Uses == nil {
		c.Uses = map[uint64]int64{}
	}
	if c.last == nil {
		c.last = map[uint64]time.Duration{}
	}
	c.Uses[h]++
	if before, ok := c.last[h]; ok && at >= before {
		c.Reuse.Add(at-before, int64(math.Round(1/c.share())))
	}
	c.last[h] = at
	c.trim()
}

// forget has the next use of each content count as its first, because what came between was not seen.
func (c *Contents) forget() { clear(c.last) }

// share returns how large a share of all hashes is looked at.
func (c *Contents) share() float64 {
	if c.Bound == 0 {
		return 1
	}
	return float64(c.Bound) / math.MaxUint64
}

// trim leaves out the largest hashes when there are too many.
func (c *Contents) trim() {
	if len(c.Uses) <= maxContents {
		return
	}
	all := slices.Sorted(maps.Keys(c.Uses))
	c.Bound = all[maxContents/2]
	for _, h := range all[maxContents/2:] {
		delete(c.Uses, h)
		delete(c.last, h)
	}
}

// Distinct returns about how many different contents there were.
func (c *Contents) Distinct() int64 {
	return int64(math.Round(float64(len(c.Uses)) / c.share()))
}

// Merge adds the contents of another process, or another day.
func (c *Contents) Merge(o *Contents) {
	if o.Bound != 0 && (c.Bound == 0 || o.Bound < c.Bound) {
		c.Bound = o.Bound
	}
	if c.Uses == nil {
		c.Uses = map[uint64]int64{}
	}
	for h, n := range o.Uses {
		c.Uses[h] += n
	}
	if c.Bound != 0 {
		maps.DeleteFunc(c.Uses, func(h uint64, _ int64) bool { return h >= c.Bound })
	}
	c.trim()
	c.Reuse.Merge(o.Reuse)
	c.last = nil
}

// check fails if these are none: they were read from somewhere.
func (c *Contents) check() error {
	if len(c.Uses) > maxContents {
		return fmt.Errorf("a sample of %d contents, of which there are %d at most", len(c.Uses), maxContents)
	}
	for h, n := range c.Uses {
		if n < 1 || c.Bound != 0 && h >= c.Bound {
			return fmt.Errorf("the content %x is used %d times, below %x", h, n, c.Bound)
		}
	}
	return c.Reuse.Check()
}
