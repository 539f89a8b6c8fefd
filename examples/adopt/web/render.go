package web

// Pages and refusals.

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"strings"

	"example.com/shop/shop"
)

//go:embed templates/*.html
var files embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"stars": func(n int) string { return strings.Repeat("★", n) + strings.Repeat("☆", 5-n) },
}).ParseFS(files, "templates/*.html"))

// render returns a page as HTML. It is sent once it is whole: a page that fails
// half way is an error like any other.
func render(name string, data any) ([]byte, error) {
	var buf bytes.Buffer
	if err := pages.ExecuteTemplate(&buf, name, data); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// send answers with a page.
func send(w http.ResponseWriter, html []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(html)
}

// fail answers a request that went wrong.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, shop.ErrNotFound):
		s.notFound(w, r)
	case errors.Is(err, shop.ErrSoldOut):
		http.Error(w, "Sorry, sold out.", http.StatusConflict)
	default:
		s.Log.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "err", err)
		http.Error(w, "Something went wrong.", http.StatusInternalServerError)
	}
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "There is no such page.", http.StatusNotFound)
}
