package core

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"
)

// get gives a handler the methods that it has.
func (h *Handler) get(handle func(*writer, *http.Request)) http.HandlerFunc {
	return func(hw http.ResponseWriter, r *http.Request) {
		w := hw.(*writer)
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			handle(w, r)
		case http.MethodOptions:
			header := w.Header()
			header["Allow"], header["X-Content-Type-Options"] = []string{"GET, HEAD, OPTIONS"}, noSniff
			header["Content-Type"] = []string{"text/plain; charset=utf-8"}
			w.WriteHeader(http.StatusNoContent)
		default:
			w.Header()["Allow"] = allowed
			h.failAs(w, invalid.errorf("%s is not possible here, only GET, HEAD", r.Method), http.StatusMethodNotAllowed)
		}
	}
}

// asked returns the ZIP codes of a list.
func asked(r *http.Request) ([]string, *fault) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, invalid.errorf("the query string cannot be read: %v", err)
	}
	zips := query["zip"]
	for i, zip := range zips {
		if !valid(zip) {
			return nil, invalid.errorf("query parameter \"zip\": number %d: %q is not valid UTF-8", i+1, zip)
		}
	}
	if len(zips) == 0 || len(zips) > maxList {
		return nil, invalid.errorf("ask for 1 to %d ZIP codes, not %d: /weather?zip=60601&zip=94103", maxList, len(zips))
	}
	return zips, nil
}

// A problem is the body of a fault.
type problem struct {
	Error struct {
		Kind    string `json:"kind"`
		Message string `json:"message"`
		Request string `json:"request"`
	} `json:"error"`
}

func (h *Handler) fail(w *writer, f *fault) { h.failAs(w, f, f.kind.status) }

// failAs tells the client what is meant for it, and the log the rest.
func (h *Handler) failAs(w *writer, f *fault, status int) {
	w.entry.Kind = f.kind.name
	var p problem
	p.Error.Kind, p.Error.Message, p.Error.Request = f.kind.name, f.text, h.log.Name(w.entry.Number)
	if f.kind.status >= http.StatusInternalServerError || f.kind == canceled {
		p.Error.Message, w.entry.Fault = f.kind.text, f.text
	}
	body, err := json.Marshal(p)
	if err != nil {
		panic("bug: " + err.Error())
	}
	body = append(body, '\n')
	header := w.Header()
	header["Cache-Control"], header["Content-Type"], header["X-Content-Type-Options"] = noStore, jsonType, noSniff
	header["Content-Length"] = []string{itoa(len(body))}
	if f.kind == unavailable {
		header["Retry-After"] = oneSecond
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // an error means that the client is gone
}

func valid(s string) bool { return utf8.ValidString(s) }

func itoa(n int) string { return strconv.Itoa(n) }
