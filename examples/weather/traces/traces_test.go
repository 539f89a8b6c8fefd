package traces

import (
	"math"
	"reflect"
	"testing"

	"example.com/weather/zips"
)

func TestRanks(t *testing.T) {
	known, _, err := zips.Load("")
	if err != nil {
		t.Fatal(err)
	}
	ranked := Ranked(known)
	if again := Ranked(known); !reflect.DeepEqual(ranked, again) {
		t.Fatal("the same towns have two orders")
	}
	seen := map[string]bool{}
	far := 0
	for i, z := range ranked {
		if seen[z.Code] {
			t.Fatalf("%s has two ranks", z.Code)
		}
		seen[z.Code] = true
		if i > 0 && math.Abs(z.Lat-ranked[i-1].Lat) > 1 {
			far++
		}
	}
	if len(ranked) != len(known) || far < len(known)/2 {
		t.Errorf("%d of %d towns have a rank, %d lie far from the next one in rank", len(ranked), len(known), far)
	}
	if At(ranked, 3) != ranked[3] || At(ranked, len(ranked)+3) != ranked[3] {
		t.Error("ranks beyond the last do not begin again")
	}
	towns := Towns([]int32{7, 9, 9, 5, 9, 5}, known)
	if want := []zips.ZIP{ranked[2], ranked[0], ranked[0], ranked[1], ranked[0], ranked[1]}; !reflect.DeepEqual(towns, want) {
		t.Errorf("a trace asks for %v, want %v", towns, want)
	}
	if got := Path(zips.ZIP{Code: "00501"}); got != "/weather/00501" {
		t.Errorf("asked for at %s", got)
	}
}
