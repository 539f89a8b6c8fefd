package adopt

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A planned shop answers as the shop written does, one request after another,
// and misses no write when many come at once.
func TestPlannedShop(t *testing.T) {
	plain, planned, err := Build(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	before, after := start(t, plain), start(t, planned)
	if log, err := os.ReadFile(after.log()); err != nil || !bytes.Contains(log, []byte("fluxo: planned flows=1")) {
		t.Fatalf("the shop does not run the plan (%v):\n%s", err, log)
	}

	t.Run("one after another", func(t *testing.T) {
		a, b := connect(t, before), connect(t, after)
		same := func(r request) {
			t.Helper()
			if was, is := difference(a.answer(r), b.answer(r)); was != is {
				t.Fatalf("request %d, %+v: as written %q, as planned %q", a.sent, r, was, is)
			}
		}
		for _, r := range newLoad(300, 12, 0.2, 1).requests {
			same(r)
			if !r.write || r.kind != price {
				continue
			}
			for _, p := range a.related(r.product) { // most of them list it, too
				same(request{product: p})
				same(r)
				same(request{product: p})
			}
		}
	})
	t.Run("at once", func(t *testing.T) {
		fresh := start(t, planned)
		result, err := newLoad(1200, 12, 0.3, 2).Send(fresh.URL, 8)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range result.Stale {
			t.Error(err)
		}
	})
}

func start(t *testing.T, program string) *Server {
	t.Helper()
	s, err := Start(program)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// A visitor sends requests one after another, its writes with made-up content.
type visitor struct {
	t *testing.T
	*conn
	sent int
}

func connect(t *testing.T, s *Server) *visitor {
	t.Helper()
	c, err := dial(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &visitor{t, c, 0}
}

// datePattern is when a review was written, which may be yesterday for one shop
// and today for the other.
var datePattern = regexp.MustCompile(`\d+ [A-Z][a-z]+ 20\d\d`)

// answer sends a request and returns what came back, dates left out.
func (v *visitor) answer(r request) string {
	v.t.Helper()
	v.sent++
	path := fmt.Sprintf("/products/%d", r.product)
	if !r.write {
		html, err := v.get(path, r.user)
		return datePattern.ReplaceAllString(string(html), "then") + fmt.Sprint(err)
	}
	return fmt.Sprint(v.post(path+[kinds]string{"/reviews", "/orders", "/price"}[r.kind], admin, url.Values{
		"stars": {fmt.Sprint(1 + v.sent%5)},
		"body":  {fmt.Sprintf("Request %d.", v.sent)},
		"cents": {fmt.Sprint(100 * v.sent)},
	}))
}

// related returns the products that a product's page lists.
func (v *visitor) related(product int) []int {
	v.t.Helper()
	html, err := v.get(fmt.Sprintf("/products/%d", product), nobody)
	if err != nil {
		v.t.Fatal(err)
	}
	var all []int
	for _, p := range parseList(html) {
		all = append(all, p.product)
	}
	return all
}

// difference returns the first lines in which two texts differ.
func difference(a, b string) (string, string) {
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, "\n")
		y, b, _ = strings.Cut(b, "\n")
		if x != y {
			return x, y
		}
	}
	return "", ""
}

// A page that misses a write is found out, whichever number on it is old.
func TestMissedWrites(t *testing.T) {
	const html = `<strong id="price">€9.01</strong> <span id="stock">9999</span> <span id="reviews">13</span>
<article>
<p>★★★★☆ <b>Customer 1</b></p>
<p>Review 1 of this load.</p>
</article>
<li><a href="/products/7">Quiet lamp</a> <span>€5.01</span></li>`
	initial := map[int]int{5: 900, 7: 500}
	acked := time.Now()
	l := ledger{acked: map[int][kinds][]time.Time{
		5: {review: {acked}, order: {acked}, price: {acked}},
		7: {price: {acked}},
	}}
	for _, c := range []struct{ from, to, want string }{
		{"", "", ""},
		{"9.01", "9.00", "prices"},
		{"9999", "10000", "orders"},
		{">13<", ">12<", "reviews"},
		{"Review 1 of this load", "As new", "lists review 0"},
		{"5.01", "5.00", "shows product 7"},
	} {
		p, err := parsePage(5, []byte(strings.Replace(html, c.from, c.to, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if err := l.missed(p, initial, acked.Add(-1)); err != nil {
			t.Errorf("%q for %q, asked for before the write: %v", c.to, c.from, err)
		}
		err = l.missed(p, initial, acked.Add(1))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: %v, want %q", c.to, c.from, err, c.want)
		}
	}
}

func TestParseRefusesOtherPages(t *testing.T) {
	if p, err := parsePage(5, []byte("<h1>Something went wrong.</h1>")); err == nil {
		t.Errorf("read as %+v", p)
	}
}
