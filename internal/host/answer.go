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

// writeResult answers with a flow's result. An error means that nothing was written.
func writeResult(w http.ResponseWriter, result any, limits *Limits) error {
	header := w.Header()
	header["X-Content-Type-Options"] = noSniff
	header["Cache-Control"] = noStore
	switch result := result.(type) {
	case nil:
		w.WriteHeader(http.StatusNoContent)
		return nil
	case fluxo.Page:
		if len(result.HTML) > limits.AnswerBytes {
			return answerTooLarge(len(result.HTML), limits)
		}
		header["Content-Type"] = typeHTML
		header["Content-Length"] = []string{strconv.Itoa(len(result.HTML))}
		_, _ = w.Write([]byte(result.HTML)) // an error means that the client is gone
		return nil
	}
	b := buffers.Get().(*bytes.Buffer)
	defer putBuffer(b)
	if err := json.NewEncoder(b).Encode(result); err != nil {
		return &fluxo.Error{Op: "encode", Kind: fluxo.Internal, Err: err}
	}
	if b.Len() > limits.AnswerBytes {
		return answerTooLarge(b.Len(), limits)
	}
	header["Content-Type"] = typeJSON
	header["Content-Length"] = []string{strconv.Itoa(b.Len())}
	_, _ = w.Write(b.Bytes())
	return nil
}

func answerTooLarge(size int, limits *Limits) error {
	return &fluxo.Error{Op: "encode", Kind: fluxo.Internal,
		Err: fluxo.Internal.Errorf("the result is %d bytes long, at most %d are allowed: return less at a time", size, limits.AnswerBytes)}
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

// writeError answers with err: its text where it is the client's business.
func writeError(w http.ResponseWriter, err error, requestID string) {
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
	_, _ = w.Write(data)
}

// message returns the text for the client. What lies behind a 5xx may name
// hosts, files and queries: it stays in the log.
func message(err error, kind fluxo.Kind) string {
	if statusOf[kind] >= http.StatusInternalServerError {
		return kind.Error()
	}
	return err.Error()
}
