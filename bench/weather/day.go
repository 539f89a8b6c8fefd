package weather

// Days: who asks for which ZIP code, and when. Four traces stand behind them.

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"example.com/weather/traces"
	"fluxo.dev/fluxo/bench/trace"
)

// A day is a stream of requests in the order of their arrival.
type day struct {
	name     string
	source   string // "real" or "generated"
	requests []request
	towns    int // different ZIP codes, the most popular one first
}

// A request asks for the weather in a town.
type request struct {
	at   time.Duration // since the day began
	town int32         // its rank by how often it is asked for: 0 is the most popular
}

// Rates at which traces without a clock are played, in requests a second, and how many
// of their requests are. They are assumptions: the traces say nothing.
const (
	shopRate = 4
	ormRate  = 20
	ormTaken = 300_000
)

// overlaid is how many days are laid over one another for the busy day.
const overlaid = 10

// theDay returns a day by its name.
//
//	epa      a day of a public web server
//	busy     ten such days at once: the same arrivals and ranks, each copy beginning at another
//	         place of the day
//	erddap   nine days of a data service, laid over one another
//	web07    product pages of a shop, at 4 requests a second
//	ormbusy  keys of an ORM's cache, the first 300,000, at 20 a second
func theDay(name string, seed uint64) (*day, error) {
	of := map[string]string{"busy": "epa", "ormbusy": "orm-busy"}[name]
	t, err := trace.Load(cmp.Or(of, name), seed)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(seed, 2))
	d := &day{name: name, source: t.Source}
	switch name {
	case "epa":
		d.add(t, 0)
	case "busy":
		for range overlaid {
			d.add(t, time.Duration(rng.Int64N(int64(24*time.Hour))))
		}
	case "erddap":
		d.add(t, 0)
	case "web07":
		d.add(arrivals(t, shopRate, len(t.Requests), rng), 0)
	case "ormbusy":
		d.add(arrivals(t, ormRate, ormTaken, rng), 0)
	default:
		return nil, fmt.Errorf("no day is called %q", name)
	}
	slices.SortStableFunc(d.requests, func(a, b request) int { return cmp.Compare(a.at, b.at) })
	d.rank()
	return d, nil
}

// arrivals gives the first n requests of a trace a clock: a Poisson process.
func arrivals(t *trace.Trace, rate float64, n int, rng *rand.Rand) *trace.Trace {
	out := &trace.Trace{Name: t.Name, Source: t.Source, Requests: slices.Clone(t.Requests[:min(n, len(t.Requests))])}
	at := time.Duration(0)
	for i := range out.Requests {
		at += time.Duration(rng.ExpFloat64() / rate * float64(time.Second))
		out.Requests[i].At = at
	}
	return out
}

// add lays a trace over the day, begun so much later and going on at its begin.
func (d *day) add(t *trace.Trace, later time.Duration) {
	for _, r := range t.Requests {
		d.requests = append(d.requests, request{(r.At + later) % (24 * time.Hour), r.Key})
	}
}

// rank numbers the keys by popularity.
func (d *day) rank() {
	keys := make([]int32, len(d.requests))
	for i, r := range d.requests {
		keys[i] = r.town
	}
	ranks, different := traces.Ranks(keys)
	for i := range d.requests {
		d.requests[i].town = int32(ranks[i])
	}
	d.towns = different
}

// A slice is a part of a day that is lived through at its real pace.
type slice struct {
	from, to int           // requests
	begin    time.Duration // of the day
}

// sliceTime is how long a slice takes.
const sliceTime = 2 * time.Minute

// between is how far slices are apart at least: a service that has caught up waits for others, for minutes in which its clock goes on and
// nobody asks it. It must not have gone past what it is to live through next.
const between = 10 * time.Minute

// slices draws n slices of the day's second half, in the order of time and apart from each
// other: where more people ask, there are more slices. It returns where the first half ends, too.
func (d *day) slices(n int, seed uint64) (out []slice, half int) {
	rng := rand.New(rand.NewPCG(seed, 3))
	half = len(d.requests) / 2
	last := d.requests[len(d.requests)-1].at - sliceTime
	for tries := 0; len(out) < n && tries < 1000*n; tries++ {
		begin := d.requests[half+rng.IntN(len(d.requests)-half)].at
		begin = begin.Truncate(time.Second)
		near := func(s slice) bool { return max(s.begin-begin, begin-s.begin) < sliceTime+between }
		if begin < d.requests[half].at || begin > last || slices.ContainsFunc(out, near) {
			continue
		}
		out = append(out, d.slice(begin, sliceTime))
	}
	slices.SortFunc(out, func(a, b slice) int { return cmp.Compare(a.begin, b.begin) })
	return out, half
}

// slice returns the slice that begins at a time and takes so long.
func (d *day) slice(begin, length time.Duration) slice {
	at := func(t time.Duration) int {
		i, _ := slices.BinarySearchFunc(d.requests, t, func(r request, t time.Duration) int { return cmp.Compare(r.at, t) })
		return i
	}
	return slice{at(begin), at(begin + length), begin}
}

// rehearsalTime is how long a rehearsal takes.
const rehearsalTime = 4 * time.Minute

// rehearsal is the last minutes of the day's first half.
func (d *day) rehearsal() slice {
	return d.slice(d.requests[len(d.requests)/2].at-rehearsalTime, rehearsalTime)
}
