package adopt

// Sending a load to a shop, and checking each answer.

import (
	"errors"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// A Result is what became of a load.
type Result struct {
	Pages     int
	PageTime  time.Duration // mean, from before the request is sent until the page has been read
	WriteTime time.Duration // mean
	Stale     []error       // pages that missed a write acknowledged before they were asked for
}

// Send sends the requests in order, as many at a time as there are clients.
func (l *Load) Send(shop string, clients int) (*Result, error) {
	s := &sender{ledger: ledger{acked: map[int][kinds][]time.Time{}}}
	if err := s.learnPrices(shop); err != nil {
		return nil, err
	}
	all := make([]*client, clients)
	var next atomic.Int64
	var running sync.WaitGroup
	for i := range all {
		c, err := dial(shop)
		if err != nil {
			return nil, err
		}
		defer c.Close()
		all[i] = &client{sender: s, conn: c}
		running.Go(func() { all[i].work(l.requests, &next) })
	}
	running.Wait()
	return s.result(all)
}

// A sender is one load under way.
type sender struct {
	ledger  ledger
	initial map[int]int // the products' first prices, cents

	// Writes to one product go one after another, so that the shop's order of
	// them is known.
	writing [products + 1]sync.Mutex
}

// learnPrices reads the products' prices from the lists of the categories.
func (s *sender) learnPrices(shop string) error {
	c, err := dial(shop)
	if err != nil {
		return err
	}
	defer c.Close()
	s.initial = map[int]int{}
	for id := 1; id <= categories; id++ {
		html, err := c.get(fmt.Sprintf("/categories/%d", id), nobody)
		if err != nil {
			return err
		}
		for _, p := range parseList(html) {
			s.initial[p.product] = p.cents
		}
	}
	if len(s.initial) != products {
		return fmt.Errorf("the shop has %d products, not %d", len(s.initial), products)
	}
	return nil
}

// A client sends one request at a time.
type client struct {
	*sender
	*conn
	views               []view
	writes              int
	pageTime, writeTime time.Duration
	err                 error
}

// A view is a page as it came. It is read when the load is over, so that reading
// it takes no time from the shop.
type view struct {
	product int
	began   time.Time
	html    []byte
}

// work sends requests, each the next that no other client has taken, until there
// are no more or one has failed.
func (c *client) work(requests []request, next *atomic.Int64) {
	for c.err == nil {
		i := int(next.Add(1)) - 1
		if i >= len(requests) {
			return
		}
		if r := requests[i]; r.write {
			c.err = c.write(r)
		} else {
			c.err = c.view(r)
		}
	}
}

// view asks for a page.
func (c *client) view(r request) error {
	began := time.Now()
	html, err := c.get(fmt.Sprintf("/products/%d", r.product), r.user)
	c.pageTime += time.Since(began)
	c.views = append(c.views, view{r.product, began, html})
	return err
}

// write sends a write and notes its acknowledgement.
func (c *client) write(r request) error {
	c.writing[r.product].Lock()
	defer c.writing[r.product].Unlock()
	began := time.Now()
	n := 1 + c.ledger.before(r.product, r.kind, began)
	path, user, form := "", r.user, url.Values{}
	switch r.kind {
	case review:
		path = "reviews"
		form.Set("stars", "4")
		form.Set("body", fmt.Sprintf("Review %d of this load.", n))
	case order:
		path = "orders"
	case price:
		path, user = "price", admin
		form.Set("cents", fmt.Sprint(c.initial[r.product]+n))
	}
	if err := c.post(fmt.Sprintf("/products/%d/%s", r.product, path), user, form); err != nil {
		return err
	}
	c.ledger.ack(r.product, r.kind)
	c.writeTime += time.Since(began)
	c.writes++
	return nil
}

// result checks all pages.
func (s *sender) result(all []*client) (*Result, error) {
	r := &Result{}
	writes := 0
	for _, c := range all {
		if c.err != nil {
			return nil, c.err
		}
		r.Pages += len(c.views)
		r.PageTime += c.pageTime
		writes += c.writes
		r.WriteTime += c.writeTime
		for _, v := range c.views {
			p, err := parsePage(v.product, v.html)
			if err != nil {
				return nil, err
			}
			if err := s.ledger.missed(p, s.initial, v.began); err != nil {
				r.Stale = append(r.Stale, err)
			}
		}
	}
	if r.Pages == 0 || writes == 0 {
		return nil, errors.New("a load needs pages and writes")
	}
	r.PageTime /= time.Duration(r.Pages)
	r.WriteTime /= time.Duration(writes)
	return r, nil
}
