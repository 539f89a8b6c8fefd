package feed

import "testing"

func TestListeners(t *testing.T) {
	var f Feed[int]
	f.Add(1) // nobody listens yet
	short, long := f.Listen(3), f.Listen(100)
	for i := range 100 {
		f.Add(i)
	}
	if lost := short.Stop(); lost != 97 || len(short.Values()) != 3 || !f.IsHeard() {
		t.Errorf("%d values were lost and %d heard", lost, len(short.Values()))
	}
	f.Add(1)
	if lost := short.Stop(); lost != 97 {
		t.Errorf("%d were lost after the end", lost)
	}
	if lost := long.Stop(); lost != 1 || len(long.Values()) != 100 || f.IsHeard() {
		t.Errorf("%d values were lost and %d heard", lost, len(long.Values()))
	}
}
