package core

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Handler answers over HTTP. What is ready is answered without a router, a context or a goroutine.
type Handler struct {
	weather *Weather
	log     *Log
	mux     *http.ServeMux
	busy    atomic.Int64
	number  atomic.Uint64 // of requests
}

const (
	maxBusy   = 1024 // requests at a time
	maxList   = 50   // ZIP codes of one request
	listWidth = 16   // of which so many are looked at at once
)

// NewHandler returns the handler; every request is logged.
func NewHandler(w *Weather, log *Log) *Handler {
	h := &Handler{weather: w, log: log, mux: http.NewServeMux()}
	h.mux.HandleFunc("/weather/{zip}", h.get(h.one))
	h.mux.HandleFunc("/weather", h.get(h.list))
	h.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.fail(w.(*writer), notFound.errorf("there is nothing at this address"))
	})
	return h
}

// A writer knows what is to be logged of a request.
type writer struct {
	http.ResponseWriter
	entry Entry
}

func (w *writer) WriteHeader(status int) {
	w.entry.Status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *writer) Write(b []byte) (int, error) {
	w.entry.Bytes += len(b)
	return w.ResponseWriter.Write(b)
}

// Headers that all answers share; nobody changes them.
var (
	jsonType   = []string{"application/json; charset=utf-8"}
	noSniff    = []string{"nosniff"}
	noCache    = []string{"no-cache"}
	noStore    = []string{"no-store"}
	allowed    = []string{"GET, HEAD"}
	oneSecond  = []string{"1"}
	oneRoute   = "/weather/{zip}"
	listRoute  = "/weather"
	onePrefix  = "/weather/"
	maxFastZIP = 16
)

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	entry := Entry{Began: time.Now(), Method: r.Method, Number: h.number.Add(1), Status: http.StatusOK}
	defer h.busy.Add(-1)
	if h.busy.Add(1) <= maxBusy {
		if a := h.fast(r, entry.Began); a != nil {
			entry.Route = oneRoute
			entry.Status, entry.Bytes = h.write(w, r, a)
			h.log.Request(&entry)
			return
		}
	}
	slow := &writer{w, entry}
	if h.busy.Load() > maxBusy {
		h.fail(slow, unavailable.errorf("%d requests are being answered", maxBusy))
	} else {
		ctx, cancel := context.WithTimeout(r.Context(), requestTime)
		h.mux.ServeHTTP(slow, r.WithContext(ctx))
		cancel()
	}
	if slow.entry.Route == "" {
		slow.entry.Path = r.URL.Path
	}
	h.log.Request(&slow.entry)
}

// fast returns the answer to a plain request for one ZIP code, if it is ready.
func (h *Handler) fast(r *http.Request, now time.Time) *answer {
	if r.Method != http.MethodGet || r.URL.RawPath != "" || !strings.HasPrefix(r.URL.Path, onePrefix) {
		return nil
	}
	zip := r.URL.Path[len(onePrefix):]
	if len(zip) == 0 || len(zip) > maxFastZIP || strings.IndexByte(zip, '/') >= 0 {
		return nil
	}
	return h.weather.ready(zip, h.weather.Clock.At(now))
}

// write writes an answer, or that the client has it.
func (h *Handler) write(w http.ResponseWriter, r *http.Request, a *answer) (status, bytes int) {
	header := w.Header()
	header["Cache-Control"], header["Etag"], header["X-Content-Type-Options"] = noCache, a.etag, noSniff
	if known := r.Header["If-None-Match"]; known != nil && matches(known, a.etag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified, 0
	}
	header["Content-Type"] = jsonType
	if len(a.body) > smallBody || r.Method != http.MethodGet {
		header["Content-Length"] = []string{itoa(len(a.body))}
	}
	_, _ = w.Write(a.body) // an error means that the client is gone
	return http.StatusOK, len(a.body)
}

// smallBody is a size of body at which net/http says how long it is by itself.
const smallBody = 2000

// matches says whether If-None-Match names a tag.
func matches(known []string, tag string) bool {
	for _, line := range known {
		for one := range strings.SplitSeq(line, ",") {
			if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// one answers for one ZIP code.
func (h *Handler) one(w *writer, r *http.Request) {
	w.entry.Route = oneRoute
	zip := r.PathValue("zip")
	if !valid(zip) {
		h.fail(w, invalid.errorf("path part \"zip\": %q is not valid UTF-8", zip))
		return
	}
	a, failed := h.weather.answer(r.Context(), zip)
	if failed != nil {
		h.fail(w, failed)
		return
	}
	h.write(w, r, a)
}

// list answers for several, in their order.
func (h *Handler) list(w *writer, r *http.Request) {
	w.entry.Route = listRoute
	zips, failed := asked(r)
	if failed != nil {
		h.fail(w, failed)
		return
	}
	answers, failures := make([]*answer, len(zips)), make([]*fault, len(zips))
	slots := make(chan struct{}, listWidth)
	var wg sync.WaitGroup
	for i, zip := range zips {
		if answers[i] = h.weather.ready(zip, h.weather.Clock.Now()); answers[i] != nil {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			answers[i], failures[i] = h.weather.answer(r.Context(), zip)
			<-slots
		})
	}
	wg.Wait()
	body := []byte{'['}
	for i, a := range answers {
		if failures[i] != nil {
			h.fail(w, failures[i])
			return
		}
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, a.body[:len(a.body)-1]...)
	}
	body = append(body, "]\n"...)
	h.write(w, r, &answer{body: body, etag: tagOf(body)})
}
