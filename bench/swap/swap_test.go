package swap

import "testing"

func TestSomeSwaps(t *testing.T) {
	lost, sent, err := measure(10)
	if err != nil {
		t.Fatal(err)
	}
	if lost != 0 || sent < 10*between {
		t.Errorf("%d of %d requests were lost", lost, sent)
	}
}
