// Package wiki is a small wiki: plain net/http, database/sql, html/template.
package wiki

import (
	"context"
	"errors"
	"html/template"
	"log"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var tmpl = template.Must(template.New("wiki").Parse(`
{{define "view"}}<h1>{{.Title}}</h1><div>{{.HTML}}</div><i>{{.Saved}} by {{.Author}}</i>{{end}}
{{define "edit"}}<form action="/save/{{.Title}}" method="POST"><textarea name="body">{{printf "%s" .Body}}</textarea></form>{{end}}
{{define "history"}}{{range .Pages}}<li>{{.Revision}} {{.Author}}</li>{{end}}{{end}}
{{define "search"}}{{range .Hits}}<li><a href="/view/{{.Title}}">{{.Title}}</a> {{.Snippet}}</li>{{else}}nothing{{end}}{{end}}
`))

var (
	validTitle = regexp.MustCompile(`^[A-Z][a-zA-Z0-9]+$`)
	linkRE     = regexp.MustCompile(`\[([a-zA-Z0-9]+)\]`)
)

type Server struct {
	store *Store
}

//fluxo:flow
func (s *Server) View(w http.ResponseWriter, r *http.Request) {
	title := r.PathValue("title")
	if !validTitle.MatchString(title) {
		http.NotFound(w, r)
		return
	}
	p, err := s.store.Latest(r.Context(), title)
	if errors.Is(err, errNotFound) {
		http.Redirect(w, r, "/edit/"+title, http.StatusFound)
		return
	}
	if err != nil {
		log.Printf("view %s: %v", title, err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}

	escaped := template.HTMLEscapeString(string(p.Body))
	html := linkRE.ReplaceAllString(escaped, `<a href="/view/$1">$1</a>`)
	render(w, "view", struct {
		Title, Author, Saved string
		HTML                 template.HTML
	}{p.Title, p.Author, ago(p.Saved, time.Now()), template.HTML(html)})
}

//fluxo:flow
func (s *Server) Edit(w http.ResponseWriter, r *http.Request) {
	title := r.PathValue("title")
	if !validTitle.MatchString(title) {
		http.NotFound(w, r)
		return
	}
	p, err := s.store.Latest(r.Context(), title)
	if err != nil {
		p = &Page{Title: title}
	}
	render(w, "edit", p)
}

//fluxo:flow
func (s *Server) SavePage(w http.ResponseWriter, r *http.Request) {
	title := r.PathValue("title")
	if !validTitle.MatchString(title) {
		http.NotFound(w, r)
		return
	}
	base, err := strconv.Atoi(r.FormValue("base"))
	if err != nil {
		base = 0
	}
	user, _, ok := r.BasicAuth()
	if !ok {
		w.Header().Set("WWW-Authenticate", `Basic realm="wiki"`)
		http.Error(w, "sign in to save", http.StatusUnauthorized)
		return
	}
	p := &Page{
		Title:  title,
		Body:   []byte(strings.ReplaceAll(r.FormValue("body"), "\r\n", "\n")),
		Author: user,
		Saved:  time.Now().UTC(),
	}
	switch err := s.store.Save(r.Context(), p, base); {
	case err == errConflict:
		http.Error(w, err.Error(), http.StatusConflict)
	case err != nil:
		log.Println("save:", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
	default:
		http.Redirect(w, r, "/view/"+url.PathEscape(title), http.StatusSeeOther)
	}
}

//fluxo:flow
func (s *Server) History(w http.ResponseWriter, r *http.Request) {
	title := r.PathValue("title")
	before := 1 << 30
	if v := r.URL.Query().Get("before"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			http.Error(w, "bad before", http.StatusBadRequest)
			return
		}
		before = n
	}
	const perPage = 50
	// one more than shown tells whether there is a next page
	pages, err := s.store.History(r.Context(), title, before, perPage+1)
	if err != nil {
		log.Println("history:", err)
		http.Error(w, "internal error", 500)
		return
	}
	next := 0
	if len(pages) > perPage {
		pages = pages[:perPage]
		next = pages[perPage-1].Revision
	}
	render(w, "history", map[string]any{"Title": title, "Pages": pages, "Next": next})
}

//fluxo:flow
func (s *Server) Search(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()

	q := strings.TrimSpace(r.URL.Query().Get("q"))
	var hits []Hit
	if q != "" {
		var err error
		hits, err = s.store.Search(ctx, q, 25)
		if err != nil {
			log.Printf("search %q: %v", q, err)
			http.Error(w, "search is down, try again later", http.StatusServiceUnavailable)
			return
		}
	}
	if len(hits) == 1 && strings.EqualFold(hits[0].Title, q) {
		http.Redirect(w, r, "/view/"+hits[0].Title, http.StatusFound)
		return
	}
	render(w, "search", map[string]any{"Query": q, "Hits": hits})
}

func render(w http.ResponseWriter, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := tmpl.ExecuteTemplate(w, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func ago(then, now time.Time) string {
	d := now.Sub(then)
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " minutes ago"
	case d < 24*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " hours ago"
	}
	return then.Format("2 January 2006")
}
