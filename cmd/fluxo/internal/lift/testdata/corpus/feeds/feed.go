// Package feeds serves what people subscribe to: an Atom feed, a calendar, and a
// podcast's episode list.
package feeds

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

type Article struct {
	ID      string
	Title   string
	Author  string
	HTML    string
	Updated time.Time
	Tags    []string
}

type Event struct {
	UID      string
	Summary  string
	Place    string
	From, To time.Time
	AllDay   bool
}

type Source interface {
	//fluxo:volatile 1m
	Recent(ctx context.Context, tag string, n int) ([]Article, error)
	//fluxo:volatile 5m
	Events(ctx context.Context, from, to time.Time) ([]Event, error)
}

type atomLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr,omitempty"`
}

type atomEntry struct {
	Title   string   `xml:"title"`
	ID      string   `xml:"id"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Link    atomLink `xml:"link"`
	Content string   `xml:"content"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type Feeds struct {
	src  Source
	base string

	mu   sync.Mutex
	hits map[string]int
}

//fluxo:flow
func (f *Feeds) Atom(w http.ResponseWriter, r *http.Request) {
	tag := strings.TrimSuffix(r.PathValue("tag"), ".xml")
	articles, err := f.src.Recent(r.Context(), tag, 30)
	if err != nil {
		http.Error(w, "feed unavailable", http.StatusServiceUnavailable)
		return
	}

	feed := atomFeed{
		Title: "News", ID: f.base + "/",
		Links: []atomLink{{Href: f.base + r.URL.Path, Rel: "self"}, {Href: f.base}},
	}
	if tag != "" {
		feed.Title += " about " + tag
	}
	var newest time.Time
	for _, a := range articles {
		if a.Updated.After(newest) {
			newest = a.Updated
		}
		feed.Entries = append(feed.Entries, atomEntry{
			Title: a.Title, ID: f.base + "/a/" + a.ID, Author: a.Author,
			Updated: a.Updated.Format(time.RFC3339),
			Link:    atomLink{Href: f.base + "/a/" + a.ID}, Content: a.HTML,
		})
	}
	feed.Updated = newest.Format(time.RFC3339)

	if since, err := http.ParseTime(r.Header.Get("If-Modified-Since")); err == nil && !newest.Truncate(time.Second).After(since) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body, err := xml.MarshalIndent(feed, "", " ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Last-Modified", newest.UTC().Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/atom+xml")
	w.Write([]byte(xml.Header))
	w.Write(body)
}

//fluxo:flow
func (f *Feeds) Calendar(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.hits["calendar"]++
	f.mu.Unlock()

	now := time.Now().UTC()
	events, err := f.src.Events(r.Context(), now.AddDate(0, -1, 0), now.AddDate(0, 6, 0))
	if err != nil {
		http.Error(w, "calendar unavailable", http.StatusServiceUnavailable)
		return
	}
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//feeds//EN\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\n")
		b.WriteString("UID:" + e.UID + "\r\n")
		fmt.Fprintf(&b, "SUMMARY:%s\r\n", escapeICS(e.Summary))
		if e.Place != "" {
			fmt.Fprintf(&b, "LOCATION:%s\r\n", escapeICS(e.Place))
		}
		if e.AllDay {
			fmt.Fprintf(&b, "DTSTART;VALUE=DATE:%s\r\n", e.From.Format("20060102"))
		} else {
			fmt.Fprintf(&b, "DTSTART:%s\r\nDTEND:%s\r\n", e.From.UTC().Format("20060102T150405Z"), e.To.UTC().Format("20060102T150405Z"))
		}
		b.WriteString("END:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")

	text := b.String()
	sum := sha256.Sum256([]byte(text))
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	w.Header().Set("ETag", etag)
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	fmt.Fprint(w, text)
}

// Sitemap is for crawlers: every tag that was used lately.
//
//fluxo:flow
func (f *Feeds) Sitemap(w http.ResponseWriter, r *http.Request) {
	articles, err := f.src.Recent(r.Context(), "", 500)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	lastmod := map[string]time.Time{}
	var order []string
	for _, a := range articles {
		for _, t := range a.Tags {
			t = strings.ToLower(strings.TrimSpace(t))
			old, seen := lastmod[t]
			if !seen {
				order = append(order, t)
			}
			if a.Updated.After(old) {
				lastmod[t] = a.Updated
			}
		}
	}
	w.Header().Set("Content-Type", "application/xml")
	fmt.Fprintln(w, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, t := range order {
		fmt.Fprintf(w, "<url><loc>%s/tag/%s</loc><lastmod>%s</lastmod></url>\n", f.base, t, lastmod[t].Format("2006-01-02"))
	}
	fmt.Fprintln(w, `</urlset>`)
}

func escapeICS(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}
