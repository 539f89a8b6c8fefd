package trace

// Traces against the figures published about them.

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Published figures: requests, distinct keys, clients, and the hit ratios of LRU
// stores of 1 %, 10 % and all of the keys; zero where nothing is said.
var published = map[string]struct {
	requests, keys, clients int
	lru                     [3]float64
}{
	"epa":      {47_748, 6_561, 2_334, [3]float64{0.43, 0.71, 0.86}},
	"erddap":   {10_479, 0, 0, [3]float64{0, 0.20, 0.59}},
	"web07":    {76_000, 0, 0, [3]float64{0.39, 0.56, 0}},
	"orm-busy": {5_000_000, 0, 0, [3]float64{0.77, 0.88, 0}},
}

func TestGeneratedTracesMatchThePublishedFigures(t *testing.T) {
	t.Setenv("FLUXO_TRACES", "")
	for name := range published {
		compare(t, name, 3, 0.03, 0.03)
	}
}

// With FLUXO_TRACES set the readers are held to the same figures.
func TestRealTracesMatchThePublishedFigures(t *testing.T) {
	if os.Getenv("FLUXO_TRACES") == "" {
		t.Log("FLUXO_TRACES is not set: nothing to compare")
		return
	}
	for name := range published {
		compare(t, name, 0, 0.002, 0.006)
	}
}

// compare checks counts within the relative tolerance and hit ratios within points.
func compare(t *testing.T, name string, seed uint64, relative, points float64) {
	tr, err := Load(name, seed)
	if err != nil {
		t.Fatal(err)
	}
	want := published[name]
	for _, c := range []struct {
		what      string
		got, want int
	}{{"requests", len(tr.Requests), want.requests}, {"keys", tr.Keys, want.keys}, {"clients", tr.Clients, want.clients}} {
		if c.want > 0 && math.Abs(float64(c.got)/float64(c.want)-1) > relative {
			t.Errorf("%s (%s): %d %s; published: %d", name, tr.Source, c.got, c.what, c.want)
		}
	}
	for i, share := range []float64{0.01, 0.1, 1} {
		if got := hitsOfLRU(t, tr, share); want.lru[i] > 0 && math.Abs(got-want.lru[i]) > points {
			t.Errorf("%s (%s): LRU of %.0f %% of keys hits %.3f; published: %.2f", name, tr.Source, 100*share, got, want.lru[i])
		}
	}
}

func hitsOfLRU(t *testing.T, tr *Trace, share float64) float64 {
	c, err := simplelru.NewLRU[int32, struct{}](max(1, int(share*float64(tr.Keys))), nil)
	if err != nil {
		t.Fatal(err)
	}
	hits := 0
	for _, q := range tr.Requests {
		if _, ok := c.Get(q.Key); ok {
			hits++
		} else {
			c.Add(q.Key, struct{}{})
		}
	}
	return float64(hits) / float64(len(tr.Requests))
}

func TestTheGeneratedDayHasItsRatesAndPopularity(t *testing.T) {
	t.Setenv("FLUXO_TRACES", "")
	tr, err := Load("epa", 5)
	if err != nil {
		t.Fatal(err)
	}
	var hours [24]int
	uses := make([]int, tr.Keys)
	last := time.Duration(0)
	for i, q := range tr.Requests {
		if q.At < last || q.At > 24*time.Hour {
			t.Fatalf("request %d at %v comes after one at %v", i, q.At, last)
		}
		last = q.At
		hours[min(int(q.At.Hours()), 23)]++
		uses[q.Key]++
	}
	if low, high := slices.Min(hours[:]), slices.Max(hours[:]); low < 200 || high < 4400 || high > 5000 {
		t.Errorf("hours have %d to %d requests; the busiest of the real day has 4,716, its quietest whole one 248", low, high)
	}
	if skew := skewOf(uses); math.Abs(skew-0.95) > 0.1 {
		t.Errorf("popularity falls like rank^-%.2f; published: about 0.95", skew)
	}
}

// skewOf fits rank^-skew to the uses of the keys of ranks 1 to 1000, by least
// squares of the logarithms at ranks spaced evenly on their scale.
func skewOf(uses []int) float64 {
	slices.SortFunc(uses, func(a, b int) int { return b - a })
	var n, sx, sy, sxx, sxy float64
	for r := 1.0; r <= 1000; r *= 1.25 {
		x, y := math.Log(math.Floor(r)), math.Log(float64(uses[int(r)-1]))
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return -(n*sxy - sx*sy) / (n*sxx - sx*sx)
}

func TestOneSeedOneTrace(t *testing.T) {
	a, b, c := fitERDDAP.generate(1), fitERDDAP.generate(1), fitERDDAP.generate(2)
	if !slices.Equal(a.Requests, b.Requests) {
		t.Error("one seed gives two traces")
	}
	if slices.Equal(a.Requests, c.Requests) {
		t.Error("two seeds give one trace")
	}
}

func TestBadInputIsNamed(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("FLUXO_TRACES", dir)
	if err := os.WriteFile(filepath.Join(dir, "web07.trace.xz"), []byte("no xz"), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"epa": "no such file", "web07": "web07.trace.xz", "nasa": "not known"} {
		if _, err := Load(name, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%s): %v; want an error that says %q", name, err, want)
		}
	}
}

func TestLogLines(t *testing.T) {
	for s, want := range map[string]line{
		`"GET /a HTTP/1.0" 200 12`:                      {url: "/a", size: 12},
		`"GET /a" b HTTP/1.0" 304 -`:                    {url: `/a"`},
		`"GET /a?q=1 HTTP/1.1" 200 7 "-" "agent" 1 "x"`: {url: "/a?q=1", size: 7},
	} {
		if url, size, ok := request(s); !ok || url != want.url || size != want.size {
			t.Errorf("request(%s) = %q, %d, %v; want %q, %d", s, url, size, ok, want.url, want.size)
		}
	}
	for _, s := range []string{``, `"`, `x`, `"GET" 200 1`} {
		if url, _, ok := request(s); ok {
			t.Errorf("request(%s) = %q; want refusal", s, url)
		}
	}
}
