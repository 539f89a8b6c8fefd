package host

// The answer to a request whose flow does not return by its deadline.

import (
	"net/http"
	"sync"
	"time"

	"fluxo.dev/fluxo"
)

// deadlines watches all flows with one timer. Every flow gets the same time from when its request came, so the queue of those
// that run, oldest request first, is the queue of their deadlines too.
type deadlines struct {
	after time.Duration
	mu    sync.Mutex
	head  exchange // of a ring: head.next is the oldest
	armed bool
}

func newDeadlines(after time.Duration) *deadlines {
	d := &deadlines{after: after}
	d.head.next, d.head.previous = &d.head, &d.head
	return d
}

// watch begins to watch x, whose flow begins.
func (d *deadlines) watch(x *exchange) {
	d.mu.Lock()
	defer d.mu.Unlock()
	x.previous = d.head.previous
	for x.previous != &d.head && x.previous.start.After(x.start) { // somebody found out who is calling while younger ones came by
		x.previous = x.previous.previous
	}
	x.next = x.previous.next
	x.previous.next, x.next.previous = x, x
	x.queued = true
	if !d.armed {
		d.armed = true
		time.AfterFunc(time.Until(x.start.Add(d.after)), d.expire)
	}
}

// forget ends watching x, whose flow has returned.
func (d *deadlines) forget(x *exchange) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.remove(x)
}

func (d *deadlines) remove(x *exchange) {
	if x.queued {
		x.previous.next, x.next.previous = x.next, x.previous
		x.previous, x.next, x.queued = nil, nil, false // who holds x shall not hold its neighbours
	}
}

// expire answers for every flow that is past its deadline and arms the timer for the next.
func (d *deadlines) expire() {
	now := time.Now()
	d.mu.Lock()
	var late []*exchange
	for d.head.next != &d.head {
		oldest := d.head.next
		if left := oldest.start.Add(d.after).Sub(now); left > 0 {
			time.AfterFunc(left, d.expire)
			break
		}
		d.remove(oldest)
		late = append(late, oldest)
	}
	d.armed = d.head.next != &d.head
	d.mu.Unlock()
	for _, x := range late {
		x.tooLate(d.after)
	}
}

// tooLate answers for a flow that still runs; what it returns will be dropped.
func (x *exchange) tooLate(after time.Duration) {
	x.once(func() {
		x.Header().Set("Connection", "close") // the flow keeps this connection's goroutine
		x.fail(fluxo.Timeout.Errorf("the flow did not return within %v", after))
		_ = http.NewResponseController(x.ResponseWriter).Flush()
	})
}
