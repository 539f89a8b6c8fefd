package fluxo

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/request"
)

func TestIDsSortByTime(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 0, 0, 999_900_000, time.UTC) // crosses a second
	var ids []ID
	var texts []string
	for i := range 4000 {
		id := idAt(start.Add(time.Duration(i) * time.Microsecond))
		ids, texts = append(ids, id), append(texts, id.String())
	}
	if !slices.IsSortedFunc(ids, ID.Compare) || !slices.IsSorted(texts) {
		t.Error("IDs made a microsecond apart do not sort by time")
	}
	if got := ids[0].Time(); !got.Equal(start.Truncate(time.Millisecond)) {
		t.Errorf("Time = %v, want %v", got, start.Truncate(time.Millisecond))
	}
}

func TestIDIsUUIDVersion7(t *testing.T) {
	for range 1000 {
		id := NewID(context.Background())
		if id[6]>>4 != 7 || id[8]>>6 != 2 {
			t.Fatalf("%s: version %d, variant %d", id, id[6]>>4, id[8]>>6)
		}
	}
}

func TestNewIDNeverRepeats(t *testing.T) {
	seen := make(map[ID]bool)
	now := time.Now()
	for range 100_000 {
		id := idAt(now)
		if seen[id] || id.IsZero() {
			t.Fatalf("%s twice, or zero", id)
		}
		seen[id] = true
	}
}

func TestRequestGivesTimeAndIDs(t *testing.T) {
	when, want := time.Date(1995, 8, 29, 23, 53, 25, 0, time.UTC), ID{1, 2, 3}
	ctx := request.With(context.Background(), &request.Request{Now: when, NewID: func() [16]byte { return want }})
	if got := Now(ctx); got != when {
		t.Errorf("Now = %v, want %v", got, when)
	}
	if got := NewID(ctx); got != want {
		t.Errorf("NewID = %v, want %v", got, want)
	}
	if now := Now(context.Background()); now != now.Round(0) || time.Since(now) > time.Minute {
		t.Errorf("outside a request Now = %v", now)
	}
}

func TestParseIDRefuses(t *testing.T) {
	good := "01890a5d-ac96-774b-bcce-b302099a8057"
	for _, text := range []string{"", "x", good[:35], good + "0", "01890a5dac96774bbcceb302099a8057", "01890a5d-ac96-774b-bcce_b302099a8057", "0189\x000a5d-ac96-774b-bcce-b302099a80"} {
		if id, err := ParseID(text); !errors.Is(err, Invalid) || !id.IsZero() {
			t.Errorf("ParseID(%q) = %v, %v", text, id, err)
		}
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("01890a5d-ac96-774b-bcce-b302099a8057")
	f.Add("01890A5D-AC96-774B-BCCE-B302099A8057")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ParseID(text)
		if err != nil {
			return
		}
		if again, err := ParseID(id.String()); err != nil || again != id {
			t.Errorf("%q parses to %v, which parses to %v, %v", text, id, again, err)
		}
	})
}
