package draw

// Where the items of a panel stand, and how its edges run.

import (
	"cmp"
	"math"
	"slices"
)

const (
	boxGap   = 28.0
	rowGap   = 40.0
	rounds   = 80 // passes that pull joined items below each other
	portStep = 16.0
)

// A route is the line of one edge to one of its ends: straight down through
// rows, from points 0, 2, 4, … to the next, with bends between the rows.
type route struct {
	edge   *edge
	points []point
	shared int // how many of the points an earlier route has drawn already
}

// layout places the panel's boxes and routes its edges.
func (p *panel) layout() {
	if len(p.boxes) == 0 {
		p.w, p.h = emptySize, emptySize
		return
	}
	l := layer(p)
	l.placeX()
	tops := l.placeY()
	p.portsOut()
	p.route(l, tops)
}

// placeX pulls items towards those that they are joined to, row by row, first
// down, then up, and so on.
func (l *layering) placeX() {
	for _, row := range l.rows {
		x := 0.0
		for _, it := range row {
			it.x = x
			x += it.w + gap(it)
		}
		for _, it := range row {
			it.x -= x / 2
		}
	}
	for round := range rounds {
		for i := range l.rows {
			if round%2 == 1 {
				i = len(l.rows) - 1 - i
			}
			pull(l.rows[i])
		}
	}
	l.straighten()
	left, right := math.Inf(1), math.Inf(-1)
	for _, row := range l.rows {
		left = min(left, row[0].x)
		right = max(right, row[len(row)-1].x+row[len(row)-1].w)
	}
	for _, row := range l.rows {
		for _, it := range row {
			it.x = math.Round(it.x - left)
		}
	}
	l.p.w = math.Ceil(right - left)
}

// straighten lets each passing edge run straight down for as many rows as the
// room between its neighbours allows.
func (l *layering) straighten() {
	for _, e := range l.p.edges {
		hops := l.hops[e]
		for len(hops) > 0 {
			lo, hi, sum, n := math.Inf(-1), math.Inf(1), 0.0, 0
			for _, hop := range hops {
				a, b := l.room(hop)
				if max(lo, a) > min(hi, b) {
					break
				}
				lo, hi, sum, n = max(lo, a), min(hi, b), sum+hop.x, n+1
			}
			for _, hop := range hops[:n] {
				hop.x = min(max(sum/float64(n), lo), hi)
			}
			hops = hops[n:]
		}
	}
}

// room returns the least and the greatest x that the item may have beside its
// neighbours; its own is always among them.
func (l *layering) room(it *item) (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	row := l.rows[it.rank]
	i := slices.Index(row, it)
	if i > 0 {
		lo = min(it.x, row[i-1].x+row[i-1].w+gap(row[i-1]))
	}
	if i+1 < len(row) {
		hi = max(it.x, row[i+1].x-it.w-gap(it))
	}
	return lo, hi
}

func gap(it *item) float64 {
	if it.box == nil {
		return boxGap / 2
	}
	return boxGap
}

// pull moves each item of a row as near as the order and the gaps permit to the
// middle of what it is joined to: least squares under an order, solved by
// pooling adjacent violators.
func pull(row []*item) {
	type pool struct {
		sum, weight float64
		n           int
	}
	var pools []pool
	offset := 0.0
	offsets := make([]float64, len(row))
	for i, it := range row {
		offsets[i] = offset
		want, weight := it.wish()
		pools = append(pools, pool{(want - offset) * weight, weight, 1})
		for k := len(pools) - 1; k > 0 && pools[k-1].sum/pools[k-1].weight > pools[k].sum/pools[k].weight; k-- {
			a, b := pools[k-1], pools[k]
			pools = append(pools[:k-1], pool{a.sum + b.sum, a.weight + b.weight, a.n + b.n})
		}
		offset += it.w + gap(it)
	}
	i := 0
	for _, p := range pools {
		for range p.n {
			row[i].x = p.sum/p.weight + offsets[i]
			i++
		}
	}
}

// wish is where the item's left side would be best, and how much that counts:
// passing edges should be straight.
func (it *item) wish() (x, weight float64) {
	sum, n := 0.0, 0.0
	for _, near := range slices.Concat(it.prev, it.next) {
		w := 1.0
		if it.box == nil && near.box == nil {
			w = 16
		}
		sum += w * near.centre()
		n += w
	}
	if n == 0 {
		return it.x, 0.1
	}
	return sum/n - it.w/2, n
}

// placeY stacks the rows and returns their upper sides.
func (l *layering) placeY() []float64 {
	tops := make([]float64, len(l.rows))
	y := 0.0
	for i, row := range l.rows {
		tops[i] = y
		high := 0.0
		for _, it := range row {
			if it.box != nil {
				it.box.at = point{it.x, y}
				high = max(high, it.box.h)
			}
		}
		y += high + rowGap
	}
	l.p.h = y - rowGap
	return tops
}

// portsOut spreads the edges that leave a box over its lower side, with room
// for the names beside them.
func (p *panel) portsOut() {
	for _, b := range p.boxes {
		var out []*edge
		wide := 0.0
		for _, e := range p.edges {
			if e.from == b {
				out = append(out, e)
				wide += e.labelWidth()
			}
		}
		slices.SortStableFunc(out, func(a, c *edge) int { return cmp.Compare(a.meanX(), c.meanX()) })
		b.ports = map[*edge]float64{}
		x := max(8, (b.w-wide)/2)
		for _, e := range out {
			b.ports[e] = min(x+portStep/2, b.w-4)
			x += e.labelWidth()
		}
		if len(out) == 1 {
			b.ports[out[0]] = b.w / 2
		}
	}
}

func (e *edge) labelWidth() float64 {
	if e.from.param != nil || e.kind != dataEdge {
		return portStep
	}
	return portStep + charWidth[noteText]*float64(len(e.name))
}

// meanX is where the edge's ends are.
func (e *edge) meanX() float64 {
	sum := 0.0
	for _, to := range e.to {
		sum += to.at.x + to.w/2
	}
	return sum / float64(len(e.to))
}

// route gives every edge its points, from the port through the rows between to
// the upper side of each end.
func (p *panel) route(l *layering, tops []float64) {
	for _, e := range p.edges {
		x, rank := e.from.at.x+e.from.ports[e], l.of[e.from].rank
		line := []point{{x, e.from.at.y + e.from.h}, {x, tops[rank] + l.high(rank)}}
		for _, hop := range l.hops[e] {
			x := hop.centre()
			line = append(line, point{x, tops[hop.rank]}, point{x, tops[hop.rank] + l.high(hop.rank)})
		}
		shared := 0
		ends := slices.Clone(e.to)
		slices.SortStableFunc(ends, func(a, b *box) int { return cmp.Compare(l.of[a].rank, l.of[b].rank) })
		for _, to := range ends {
			n := 2 * (l.of[to].rank - rank)
			points := append(slices.Clone(line[:n]), point{to.at.x + to.w/2, to.at.y})
			p.routes = append(p.routes, route{edge: e, points: points, shared: shared})
			shared = n
		}
	}
	p.portsIn()
}

// high is the height of row r.
func (l *layering) high(r int) (h float64) {
	for _, it := range l.rows[r] {
		if it.box != nil {
			h = max(h, it.box.h)
		}
	}
	return h
}

// portsIn spreads the ends of edges over the upper side of the box, in the
// order in which they come from above.
func (p *panel) portsIn() {
	for _, b := range p.boxes {
		var in []*route
		for i := range p.routes {
			r := &p.routes[i]
			end := r.points[len(r.points)-1]
			if slices.Contains(r.edge.to, b) && end == (point{b.at.x + b.w/2, b.at.y}) {
				in = append(in, r)
			}
		}
		from := func(r *route) float64 { return r.points[len(r.points)-2].x }
		slices.SortStableFunc(in, func(a, c *route) int { return cmp.Compare(from(a), from(c)) })
		step := min(portStep, (b.w-16)/float64(max(len(in), 1)))
		for i, r := range in {
			r.points[len(r.points)-1].x += step * (float64(i) - float64(len(in)-1)/2)
		}
	}
}
