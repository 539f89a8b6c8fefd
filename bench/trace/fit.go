package trace

// Generated traces: a model of request streams, and its parameters fitted to
// each real trace. Nothing of a trace is in here but a handful of figures.

import (
	"math"
	"math/rand/v2"
	"sort"
	"time"
)

// A fit is a stream in which each request is one of four: for something that
// was never asked for before, for something asked for a little while ago, the
// next of a crawl, or for one of a fixed population by popularity.
type fit struct {
	requests int

	fresh   float64 // share of requests for something new
	recent  float64 // share of requests that repeat an earlier one,
	reach   int     // at most so many requests back; shorter ways are likelier, log-uniformly
	popular int     // size of the population, whose popularity
	skew    float64 // falls with rank as Zipf's law says: rank^-skew,
	drift   float64 // while the ranking moves on by so many keys a request
	scan    float64 // share of requests by a crawler that goes round the population

	days    int // of the clock; 0: none
	hours   [24]float64
	clients int

	size, sizeSpread float64 // of answers: median in bytes, and standard deviation of the logarithm
}

// Fitted by random search over shares, reach, popular, skew and drift, against
// the number of keys, the hit ratios of LRU stores of 1 %, 10 % and all of the keys
// and those of LFU stores of 1 % and 10 %, web07 against those of W-TinyLFU stores, too;
// hours, clients and sizes are the traces' own figures. LFU's of orm-busy, where
// popularity comes in phases, were out of reach together with those of LRU.
var (
	fitEPA = fit{
		requests: 47748, fresh: 0.1045, recent: 0.2181, reach: 1242, popular: 1633, skew: 0.95,
		days: 1, clients: 2334, size: 2500, sizeSpread: 1.7,
		hours: [24]float64{684, 434, 399, 248, 347, 374, 303, 846, 1994, 3096, 3209, 3820,
			3827, 4391, 4716, 4284, 4042, 2793, 1820, 1493, 1310, 1015, 1117, 1186},
	}
	fitERDDAP = fit{
		requests: 10479, fresh: 0.0141, recent: 0.045, reach: 28, scan: 0.7232, popular: 4152, skew: 1.367,
		days: 9, clients: 917, size: 6300, sizeSpread: 2.2,
		hours: [24]float64{549, 919, 220, 160, 225, 217, 239, 343, 107, 162, 109, 123,
			119, 190, 192, 132, 196, 755, 2732, 2011, 98, 356, 178, 147},
	}
	fitWeb07 = fit{requests: 76118, fresh: 0.1095, recent: 0.1623, reach: 187, popular: 42494, skew: 0.949, drift: 0.000859}
	fitORM   = fit{requests: 5_000_000, fresh: 0.0043, recent: 0.3762, reach: 1218, popular: 56394, skew: 1.077}
)

// generate draws the trace of the given seed.
func (f fit) generate(seed uint64) *Trace {
	rng := rand.New(rand.NewPCG(seed, 1))
	pick, client := zipf(f.popular, f.skew), zipf(max(f.clients, 1), 0.8)
	at := f.arrivals(rng)
	keys, clients := make(numbering[int32]), make(numbering[int32])
	t := &Trace{Requests: make([]Request, f.requests)}
	var sizes []int32
	asked := make([]int32, f.requests) // before numbering: the population, then what is new
	next, crawl := int32(f.popular), int32(0)
	for i := range t.Requests {
		switch x := rng.Float64(); {
		case x < f.fresh:
			asked[i] = next
			next++
		case x < f.fresh+f.recent && i > 0:
			back := math.Exp(rng.Float64() * math.Log(float64(min(i, f.reach))))
			asked[i] = asked[i-int(back)]
		case x < f.fresh+f.recent+f.scan:
			asked[i] = crawl % int32(f.popular)
			crawl++
		default:
			asked[i] = (pick(rng) + int32(f.drift*float64(i))) % int32(f.popular)
		}
		q := Request{Key: keys.of(asked[i])}
		if len(sizes) < len(keys) {
			sizes = append(sizes, int32(min(f.size*math.Exp(f.sizeSpread*rng.NormFloat64()), math.MaxInt32)))
		}
		q.Size = sizes[q.Key]
		if f.clients > 0 {
			q.Client = clients.of(client(rng))
		}
		if f.days > 0 {
			q.At = at[i] - at[0]
		}
		t.Requests[i] = q
	}
	t.Keys, t.Clients = len(keys), max(len(clients), 1)
	return t
}

// arrivals draws the times of all requests: a Poisson process whose rate
// follows the hours of the day.
func (f fit) arrivals(rng *rand.Rand) []time.Duration {
	if f.days == 0 {
		return nil
	}
	hour := pickFrom(f.hours[:])
	at := make([]time.Duration, f.requests)
	for i := range at {
		h := rng.IntN(f.days)*24 + int(hour(rng))
		at[i] = time.Duration((float64(h) + rng.Float64()) * float64(time.Hour))
	}
	sort.Slice(at, func(i, j int) bool { return at[i] < at[j] })
	return at
}

// zipf draws 0 … n-1 with weights (i+1)^-skew; unlike rand.Zipf for any skew.
func zipf(n int, skew float64) func(*rand.Rand) int32 {
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = math.Pow(float64(i+1), -skew)
	}
	return pickFrom(weights)
}

// pickFrom draws indexes by weight.
func pickFrom(weights []float64) func(*rand.Rand) int32 {
	sums := make([]float64, len(weights))
	total := 0.0
	for i, w := range weights {
		total += w
		sums[i] = total
	}
	return func(rng *rand.Rand) int32 {
		i := sort.SearchFloat64s(sums, rng.Float64()*total)
		return int32(min(i, len(sums)-1))
	}
}
