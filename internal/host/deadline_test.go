package host

import (
	"slices"
	"testing"
	"time"
)

// The oldest request is first, whoever is watched first; and who is watched no more holds no other.
func TestDeadlinesAreInOrder(t *testing.T) {
	d, now := newDeadlines(time.Hour), time.Now()
	x := make([]*exchange, 4)
	for _, i := range []int{1, 3, 0, 2} {
		x[i] = &exchange{start: now.Add(time.Duration(i) * time.Second)}
		d.watch(x[i])
	}
	check := func(want ...*exchange) {
		t.Helper()
		var forth, back []*exchange
		for y := d.head.next; y != &d.head; y = y.next {
			forth = append(forth, y)
		}
		for y := d.head.previous; y != &d.head; y = y.previous {
			back = append(back, y)
		}
		slices.Reverse(back)
		if !slices.Equal(forth, want) || !slices.Equal(back, want) {
			t.Errorf("%v forth, %v back, want %v", forth, back, want)
		}
	}
	check(x...)
	d.forget(x[1])
	d.forget(x[3])
	check(x[0], x[2])
	if x[1].next != nil || x[1].previous != nil {
		t.Error("who is watched no more holds others")
	}
}
