package sim

// What happens later in a simulated world, in the order of its time.

import "time"

// An event wakes a task or calls f at its time; neither if it was stopped.
type event struct {
	at     time.Duration
	number uint64 // events of one time happen in the order in which they were made
	task   *task
	f      func()
}

func (e *event) before(o *event) bool { return e.at < o.at || e.at == o.at && e.number < o.number }

// events are a heap: none is before the one at half its index.
type events []*event

func (es *events) push(e *event) {
	h := append(*es, e)
	i := len(h) - 1
	for up := (i - 1) / 2; i > 0 && e.before(h[up]); i, up = up, (up-1)/2 {
		h[i] = h[up]
	}
	h[i] = e
	*es = h
}

func (es *events) pop() *event {
	h := *es
	first, last := h[0], len(h)-1
	e := h[last]
	h[last] = nil
	h = h[:last]
	i := 0
	for {
		next := 2*i + 1
		if next >= last {
			break
		}
		if next+1 < last && h[next+1].before(h[next]) {
			next++
		}
		if !h[next].before(e) {
			break
		}
		h[i] = h[next]
		i = next
	}
	if last > 0 {
		h[i] = e
	}
	*es = h
	return first
}
