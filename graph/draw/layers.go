package draw

// Which boxes of a panel stand in which row, and in which order in it: layered
// drawing after Sugiyama, Tagawa and Toda (1981), with rows that follow the
// source order where values leave a choice.

import (
	"cmp"
	"slices"
)

const (
	maxLanes = 4 // boxes side by side
	maxAbove = 8 // parameters side by side
	sweeps   = 8 // passes over the rows to get edges uncrossed
)

// An item is what takes room in a row: a box, or an edge that passes by.
type item struct {
	box  *box
	edge *edge // of a passing edge
	rank int
	w, x float64 // width, left side
	prev []*item // joined in the rows above
	next []*item
	pos  float64 // for sorting
}

func (it *item) centre() float64 { return it.x + it.w/2 }

func link(a, b *item) {
	a.next = append(a.next, b)
	b.prev = append(b.prev, a)
}

// A layering is a panel's items in rows.
type layering struct {
	p    *panel
	of   map[*box]*item
	rows [][]*item
	hops map[*edge][]*item // the passing items of an edge, by row
}

func layer(p *panel) *layering {
	l := &layering{p: p, of: map[*box]*item{}, hops: map[*edge][]*item{}}
	l.rank()
	l.pass()
	best := l.order()
	fewest := l.crossings()
	for i := range sweeps {
		l.sweep(i%2 == 0)
		if c := l.crossings(); c < fewest {
			fewest, best = c, l.order()
		}
	}
	for i := range best {
		copy(l.rows[i], best[i])
	}
	return l
}

// rank gives each box the first row below all that it depends on and that has
// room. What may leave the block separates what stands before it from what
// stands after it, as it does in the source.
func (l *layering) rank() {
	floor, deepest := 0, 0
	for _, b := range l.p.boxes {
		it := &item{box: b, w: b.w}
		l.of[b] = it
		if b.param != nil {
			l.put(it)
			floor = it.rank + 1
			continue
		}
		it.rank = floor
		for _, e := range l.p.edges {
			if slices.Contains(e.to, b) {
				it.rank = max(it.rank, l.of[e.from].rank+1)
			}
		}
		guard := b.exits != 0 && b.fail == nil
		if guard && len(l.rows) > 0 {
			it.rank = max(it.rank, deepest+1)
		}
		l.put(it)
		deepest = max(deepest, it.rank)
		if guard {
			floor = it.rank + 1
		}
	}
}

func (l *layering) put(it *item) {
	for {
		for len(l.rows) <= it.rank {
			l.rows = append(l.rows, nil)
		}
		if n := len(l.rows[it.rank]); n < maxLanes || it.box.param != nil && n < maxAbove {
			break
		}
		it.rank++
	}
	l.rows[it.rank] = append(l.rows[it.rank], it)
}

// pass makes way for edges through the rows between their ends. An edge with
// several ends is one line as long as it can be.
func (l *layering) pass() {
	for _, e := range l.p.edges {
		last := 0
		for _, to := range e.to {
			last = max(last, l.of[to].rank)
		}
		at := l.of[e.from]
		for r := l.of[e.from].rank + 1; r <= last; r++ {
			for _, to := range e.to {
				if l.of[to].rank == r {
					link(at, l.of[to])
				}
			}
			if r < last {
				hop := &item{edge: e, rank: r, w: 8}
				l.rows[r] = append(l.rows[r], hop)
				l.hops[e] = append(l.hops[e], hop)
				link(at, hop)
				at = hop
			}
		}
	}
}

func (l *layering) order() [][]*item {
	rows := make([][]*item, len(l.rows))
	for i, row := range l.rows {
		rows[i] = slices.Clone(row)
	}
	return rows
}

// sweep sorts each row by where the items in the row before (down) or after it
// stand that it is joined to.
func (l *layering) sweep(down bool) {
	for i := range l.rows {
		if !down {
			i = len(l.rows) - 1 - i
		}
		for j, it := range l.rows[i] {
			near := it.prev
			if !down {
				near = it.next
			}
			it.pos = float64(j)
			if len(near) > 0 {
				sum := 0.0
				for _, n := range near {
					sum += n.pos
				}
				it.pos = sum / float64(len(near))
			}
		}
		slices.SortStableFunc(l.rows[i], func(a, b *item) int { return cmp.Compare(a.pos, b.pos) })
		for j, it := range l.rows[i] {
			it.pos = float64(j) - float64(len(l.rows[i]))/2
		}
	}
}

func (l *layering) crossings() (n int) {
	for i, row := range l.rows {
		if i == 0 {
			continue
		}
		index := map[*item]int{}
		for j, it := range l.rows[i-1] {
			index[it] = j
		}
		for j, a := range row {
			for _, b := range row[j+1:] {
				for _, x := range a.prev {
					for _, y := range b.prev {
						if index[x] > index[y] {
							n++
						}
					}
				}
			}
		}
	}
	return n
}
