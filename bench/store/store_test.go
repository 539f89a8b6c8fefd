package store

import (
	"fmt"
	"testing"

	"fluxo.dev/fluxo/bench/trace"
)

// The policy keeps up with the others on generated traces too, on which it was
// not tuned. Otter's admission is random: its own ratio moves by 0.01 here.
func TestHitRatioKeepsUp(t *testing.T) {
	t.Setenv("FLUXO_TRACES", "")
	for _, name := range []string{"epa", "erddap", "web07"} {
		tr, err := trace.Load(name, 11)
		if err != nil {
			t.Fatal(err)
		}
		for _, percent := range []int{1, 10} {
			t.Run(fmt.Sprintf("%s/%d%%", name, percent), func(t *testing.T) {
				entries := tr.Keys * percent / 100
				got := ours.ratio(tr, entries)
				for _, p := range opponents {
					if theirs := p.ratio(tr, entries); got < theirs-0.02 {
						t.Errorf("hit ratio %.4f; %s has %.4f", got, p.name, theirs)
					}
				}
			})
		}
	}
}

// What memo counts for an entry is what the replays assume.
func TestEntrySize(t *testing.T) {
	const entries = 100
	access := newMemo(entries)
	for k := range int32(entries) {
		access(k)
	}
	for k := range int32(entries) {
		if !access(k) {
			t.Fatalf("key %d of %d is gone: there is not room for %d entries", k, entries, entries)
		}
	}
	access(entries)
	kept := 0
	for k := range int32(entries + 1) {
		if access(k) {
			kept++
		}
	}
	if kept > entries {
		t.Errorf("%d entries are kept; asked for %d", kept, entries)
	}
}
