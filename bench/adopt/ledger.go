package adopt

// What was written to the shop, and what a page must therefore show.

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// A kind of write. Each makes one number on the product's page go up or down by
// one, so that a page shows how many writes of each kind it has seen.
type kind uint8

const (
	review kind = iota // one review more
	order              // one in stock less
	price              // one cent more
	kinds
)

var kindNames = [kinds]string{"reviews", "orders", "prices"}

// A ledger notes when each write was acknowledged.
type ledger struct {
	mu    sync.Mutex
	acked map[int][kinds][]time.Time // by product, ascending
}

// ack notes that a write was acknowledged just now.
func (l *ledger) ack(product int, k kind) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.acked[product]
	all[k] = append(all[k], time.Now())
	l.acked[product] = all
}

// before returns how many writes were acknowledged before t.
func (l *ledger) before(product int, k kind, t time.Time) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, _ := slices.BinarySearchFunc(l.acked[product][k], t, time.Time.Compare)
	return n
}

// missed returns an error if the page, which was asked for at began, lacks a
// write acknowledged before.
func (l *ledger) missed(p *page, initial map[int]int, began time.Time) error {
	seen := [kinds]int{p.reviews - initialReviews, initialStock - p.stock, p.cents - initial[p.product]}
	for k, n := range seen {
		if want := l.before(p.product, kind(k), began); n < want {
			return fmt.Errorf("product %d shows %d of %d %s acknowledged before", p.product, n, want, kindNames[k])
		}
	}
	if want := l.before(p.product, review, began); p.newest < want {
		return fmt.Errorf("product %d lists review %d first, %d were acknowledged before", p.product, p.newest, want)
	}
	for _, r := range p.related {
		if n, want := r.cents-initial[r.product], l.before(r.product, price, began); n < want {
			return fmt.Errorf("product %d shows product %d with %d of %d prices acknowledged before", p.product, r.product, n, want)
		}
	}
	return nil
}
