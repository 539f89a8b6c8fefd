package web_test

// The site as a browser sees it, on a database of its own.

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"example.com/shop/shop"
	"example.com/shop/sqlite"
	"example.com/shop/web"
)

var (
	ada  = shop.User{Name: "Ada Lovelace"}
	boss = shop.User{Name: "Boss", Admin: true}
)

// A site is a whole shop on a database of its own.
type site struct {
	t       *testing.T
	server  *web.Server
	handler http.Handler
}

func newSite(t *testing.T) *site {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := sqlite.Fill(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	server := &web.Server{
		Log:       slog.New(slog.DiscardHandler),
		Sessions:  web.Sessions{Key: []byte("secret")},
		Catalogue: sqlite.NewCatalogue(db),
		Reviews:   sqlite.NewReviews(db),
		Warehouse: sqlite.NewWarehouse(db),
	}
	return &site{t, server, server.Routes()}
}

// get returns a page's status and text.
func (s *site) get(path string, as shop.User) (int, string) {
	return s.do(httptest.NewRequestWithContext(s.t.Context(), "GET", path, nil), as)
}

// post sends a form.
func (s *site) post(path string, as shop.User, form url.Values) (int, string) {
	r := httptest.NewRequestWithContext(s.t.Context(), "POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(r, as)
}

func (s *site) do(r *http.Request, as shop.User) (int, string) {
	s.t.Helper()
	if as.Name != "" {
		r.AddCookie(s.server.Sessions.Cookie(as))
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return w.Code, string(body)
}

// wants fails the test unless the page contains every text.
func wants(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q:\n%s", text, page)
		}
	}
}

func TestProductPage(t *testing.T) {
	s := newSite(t)
	code, page := s.get("/products/5", shop.User{})
	if code != http.StatusOK {
		t.Fatalf("status %d:\n%s", code, page)
	}
	wants(t, page, "<h1>Round stool no. 5</h1>", `<span id="reviews">12</span>`, `<span id="stock">10000</span>`, "not signed in")
	if n := strings.Count(page, "<article>"); n != 10 {
		t.Errorf("%d reviews on the page, want 10", n)
	}
	if n := strings.Count(page, "<li>"); n != 6 {
		t.Errorf("%d related products on the page, want 6", n)
	}
	_, page = s.get("/products/5", ada)
	wants(t, page, "Ada Lovelace", "<button>Buy</button>")
}

func TestWritesShowOnThePage(t *testing.T) {
	s := newSite(t)
	s.get("/products/5", ada)
	if code, body := s.post("/products/5/reviews", ada, url.Values{"stars": {"4"}, "body": {"Reflects <well>."}}); code != http.StatusSeeOther {
		t.Fatalf("review: status %d: %s", code, body)
	}
	if code, body := s.post("/products/5/orders", ada, nil); code != http.StatusSeeOther {
		t.Fatalf("order: status %d: %s", code, body)
	}
	if code, body := s.post("/products/5/price", boss, url.Values{"cents": {"12345"}}); code != http.StatusSeeOther {
		t.Fatalf("price: status %d: %s", code, body)
	}
	_, page := s.get("/products/5", shop.User{})
	wants(t, page, `<span id="reviews">13</span>`, "Reflects &lt;well&gt;.", "Ada Lovelace", `<span id="stock">9999</span>`, "€123.45")
}

func TestRefusals(t *testing.T) {
	s := newSite(t)
	review := url.Values{"stars": {"5"}, "body": {"Good."}}
	for _, c := range []struct {
		what, method, path string
		as                 shop.User
		form               url.Values
		want               int
	}{
		{"unknown product", "GET", "/products/1001", ada, nil, http.StatusNotFound},
		{"product without number", "GET", "/products/kettle", ada, nil, http.StatusNotFound},
		{"review by nobody", "POST", "/products/1/reviews", shop.User{}, review, http.StatusUnauthorized},
		{"review without stars", "POST", "/products/1/reviews", ada, url.Values{"body": {"Good."}}, http.StatusBadRequest},
		{"order of nothing", "POST", "/products/1001/orders", ada, nil, http.StatusConflict},
		{"price by a customer", "POST", "/products/1/price", ada, url.Values{"cents": {"1"}}, http.StatusForbidden},
		{"price of nothing", "POST", "/products/1001/price", boss, url.Values{"cents": {"1"}}, http.StatusNotFound},
	} {
		var code int
		if c.method == "GET" {
			code, _ = s.get(c.path, c.as)
		} else {
			code, _ = s.post(c.path, c.as, c.form)
		}
		if code != c.want {
			t.Errorf("%s: status %d, want %d", c.what, code, c.want)
		}
	}
}

func TestForgedCookie(t *testing.T) {
	s := newSite(t)
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.AddCookie(web.Sessions{Key: []byte("guessed")}.Cookie(boss))
	if _, page := s.do(r, shop.User{}); !strings.Contains(page, "not signed in") {
		t.Errorf("a cookie signed with another key signs in:\n%s", page)
	}
}

func TestLists(t *testing.T) {
	s := newSite(t)
	if _, page := s.get("/", ada); strings.Count(page, "<li>") != 20 {
		t.Errorf("home page:\n%s", page)
	}
	if _, page := s.get("/categories/19", ada); !strings.Contains(page, "Round stool no. 5") {
		t.Errorf("category page:\n%s", page)
	}
}
