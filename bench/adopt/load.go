package adopt

// The requests of a load: who asks for what, drawn from a seed.

import (
	"math/rand/v2"
	"sort"
)

// A request asks for a product's page, or writes.
type request struct {
	product int
	user    int // 0 for nobody
	write   bool
	kind    kind // of a write
}

// A Load is a sequence of requests.
type Load struct{ requests []request }

// Who asks, and what is written: one visitor in ten is signed in, one of fifty
// people; of a hundred writes four are prices, the rest reviews and orders alike.
const (
	signedIn = 0.1
	people   = 50
	prices   = 0.04
)

// NewLoad draws n requests, of which the share writes are writes. The product of
// rank k is asked for 1/k times as often as the most popular one.
func NewLoad(n int, writes float64, seed uint64) *Load {
	return newLoad(n, products, writes, seed)
}

// newLoad confines the load to a number of products.
func newLoad(n, among int, writes float64, seed uint64) *Load {
	rng := rand.New(rand.NewPCG(seed, 1))
	popular := rng.Perm(products)[:among]
	cumulated := make([]float64, among) // of 1/rank
	sum := 0.0
	for i := range cumulated {
		sum += 1 / float64(i+1)
		cumulated[i] = sum
	}
	l := &Load{requests: make([]request, n)}
	for i := range l.requests {
		r := request{product: 1 + popular[sort.SearchFloat64s(cumulated, rng.Float64()*sum)]}
		if r.write = rng.Float64() < writes; r.write {
			r.kind = kind(rng.IntN(2)) // review or order
			if rng.Float64() < prices {
				r.kind = price
			}
		}
		if r.write || rng.Float64() < signedIn {
			r.user = 1 + rng.IntN(people)
		}
		l.requests[i] = r
	}
	return l
}
