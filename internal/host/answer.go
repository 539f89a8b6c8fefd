package host

// Results and failures as HTTP answers.

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"

	"fluxo.dev/fluxo"
)

// Header values that every answer shares; nobody appends to them.
var (
	typeJSON = []string{"application/json; charset=utf-8"}
	typeHTML = []string{"text/html; charset=utf-8"}
	noSniff  = []string{"nosniff"}
	noStore  = []string{"no-store"}
)

var statusOf = map[fluxo.Kind]int{
	fluxo.Invalid:         http.StatusBadRequest,
	fluxo.Unauthenticated: http.StatusUnauthorized,
	fluxo.Denied:          http.StatusForbidden,
	fluxo.NotFound:        http.StatusNotFound,
	fluxo.Conflict:        http.StatusConflict,
	fluxo.TooMany:         http.StatusTooManyRequests,
	fluxo.Canceled:        499, // what others log for a client that went away
	fluxo.Internal:        http.StatusInternalServerError,
	fluxo.Unavailable:     http.StatusServiceUnavailable,
	fluxo.Timeout:         http.StatusGatewayTimeout,
}

// Status returns the HTTP status of an error.
func Status(err error) int {
	var finer *statusError
	if errors.As(err, &finer) {
		return finer.status
	}
	return statusOf[fluxo.KindOf(err)]
}

// maxPooledBuffer keeps one huge answer from occupying memory for ever.
const maxPooledBuffer = 64 << 10

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func putBuffer(b *bytes.Buffer) {
	if b.Cap() <= maxPooledBuffer {
		b.Reset()
		buffers.Put(b)
	}
}

// A rendering is a result as it will be sent.
type rendering struct {
	mime   []string // nil for no content
	data   []byte
	buffer *bytes.Buffer // in which data is; from the pool

	tag, length []string // of data, as header values; nil if nobody has worked them out
}

// render encodes a flow's result. It runs code of the author's (MarshalJSON).
func render(result any, limits *Limits) (rendering, error) {
	switch result := result.(type) {
	case nil:
		return rendering{}, nil
	case fluxo.Page:
		return rendering{mime: typeHTML, data: []byte(result.HTML)}, checkSize(len(result.HTML), limits)
	}
	b := buffers.Get().(*bytes.Buffer)
	if err := json.NewEncoder(b).Encode(result); err != nil {
		putBuffer(b)
		return rendering{}, &fluxo.Error{Op: "encode", Kind: fluxo.Internal, Err: err}
	}
	if err := checkSize(b.Len(), limits); err != nil {
		putBuffer(b)
		return rendering{}, err
	}
	return rendering{mime: typeJSON, data: b.Bytes(), buffer: b}, nil
}

func checkSize(size int, limits *Limits) error {
	if size <= limits.AnswerBytes {
		return nil
	}
	return &fluxo.Error{Op: "encode", Kind: fluxo.Internal,
		Err: fluxo.Internal.Errorf("the result is %d bytes long, at most %d are allowed: return less at a time", size, limits.AnswerBytes)}
}

// drop gives back what a rendering holds.
func (r rendering) drop() {
	if r.buffer != nil {
		putBuffer(r.buffer)
	}
}

// send answers with a rendering.
func (x *exchange) send(r rendering) {
	header := x.Header()
	header["X-Content-Type-Options"] = noSniff
	if r.mime == nil {
		header["Cache-Control"] = noStore
		x.WriteHeader(http.StatusNoContent)
		return
	}
	if x.keep(&r) {
		x.WriteHeader(http.StatusNotModified)
		return
	}
	header["Content-Type"] = r.mime
	x.setLength(&r)
	_, _ = x.Write(r.data) // an error means that the client is gone
}

// setLength announces the length of an answer where net/http would not find it out by itself.
func (x *exchange) setLength(r *rendering) {
	const foundOut = 2 << 10 // bytes that net/http holds back
	switch {
	case r.length != nil:
		x.Header()["Content-Length"] = r.length
	case len(r.data) >= foundOut || x.method == http.MethodHead:
		x.Header()["Content-Length"] = []string{strconv.Itoa(len(r.data))}
	}
}

// A failure is the body of every answer that is an error; its form is stable.
type failure struct {
	Error struct {
		Kind    fluxo.Kind `json:"kind"`
		Message string     `json:"message"`
		Request string     `json:"request"` // names the request in the service's logs
	} `json:"error"`
}

// retryAfter is the number of seconds after which clients may try again.
const retryAfter = "1"

// writeError answers with err, its text where it is the client's business, and returns how
// many bytes that took.
func writeError(w http.ResponseWriter, err error, requestID string) int {
	status, kind := Status(err), fluxo.KindOf(err)
	var body failure
	body.Error.Kind = kind
	body.Error.Message = message(err, kind)
	body.Error.Request = requestID
	data, _ := json.Marshal(body) // strings only
	data = append(data, '\n')
	header := w.Header()
	header["X-Content-Type-Options"] = noSniff
	header["Cache-Control"] = noStore
	header["Content-Type"] = typeJSON
	header["Content-Length"] = []string{strconv.Itoa(len(data))}
	if kind == fluxo.TooMany || kind == fluxo.Unavailable {
		header.Set("Retry-After", retryAfter)
	}
	w.WriteHeader(status)
	n, _ := w.Write(data) // an error means that the client is gone
	return n
}

// message returns the text for the client. What lies behind a 5xx may name
// hosts, files and queries: it stays in the log.
func message(err error, kind fluxo.Kind) string {
	if statusOf[kind] >= http.StatusInternalServerError {
		return kind.Error()
	}
	return err.Error()
}
