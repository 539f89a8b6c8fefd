package host

// One request and its answer, from the first byte to the log line.

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"fluxo.dev/fluxo"
)

// An exchange is the http.ResponseWriter of one request. It notes what was
// answered, makes sure that it is answered once, and puts the mux's own refusals into our form.
type exchange struct {
	http.ResponseWriter
	method string
	path   string
	start  time.Time
	id     string
	route  *Route // nil until the mux found one

	mu       sync.Mutex // held while answering: the flow and its deadline compete
	answered bool
	taken    bool // the flow writes the answer itself

	status int
	bytes  int
	muted  bool  // the rest of the mux's own text is dropped
	failed error // for the log
}

// Unwrap is for http.ResponseController.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// Flush is for handlers that stream.
func (x *exchange) Flush() { _ = http.NewResponseController(x.ResponseWriter).Flush() }

// once calls write for the first who wants to answer; others wait until that is done.
func (x *exchange) once(write func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.answered {
		x.answered = true
		write()
	}
}

// take hands the answer over to a flow that writes it itself; false if its deadline was first.
func (x *exchange) take() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.taken = x.taken || !x.answered
	x.answered = true
	return x.taken
}

func (x *exchange) WriteHeader(status int) {
	if x.route == nil && status >= 400 && !x.muted {
		x.refuse(status)
		return
	}
	if x.muted {
		return
	}
	if x.status == 0 && status >= 200 {
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

func (x *exchange) Write(b []byte) (int, error) {
	if x.muted {
		return len(b), nil
	}
	if x.status == 0 {
		x.status = http.StatusOK
	}
	n, err := x.ResponseWriter.Write(b)
	x.bytes += n
	return n, err
}

// refuse answers for the mux, which found no route.
func (x *exchange) refuse(status int) {
	var err error
	allow := x.Header().Get("Allow")
	switch {
	case status == http.StatusMethodNotAllowed && x.method == http.MethodOptions:
		x.Header().Set("Allow", allow+", OPTIONS")
		x.status = http.StatusNoContent
		x.ResponseWriter.WriteHeader(x.status)
		x.muted = true
		return
	case status == http.StatusMethodNotAllowed:
		err = &statusError{status, fluxo.Invalid.Errorf("%s is not possible here, only %s", x.method, allow)}
	case status == http.StatusNotFound:
		err = fluxo.NotFound.Errorf("there is nothing at this address")
	default:
		err = &statusError{status, fluxo.Invalid.Errorf("%s", strings.ToLower(http.StatusText(status)))}
	}
	x.fail(err)
	x.muted = true
}

// fail answers with err.
func (x *exchange) fail(err error) {
	x.failed = err
	x.status = Status(err)
	counter := &countingWriter{ResponseWriter: x.ResponseWriter}
	writeError(counter, err, x.id)
	x.bytes = counter.bytes
}

type countingWriter struct {
	http.ResponseWriter
	bytes int
}

func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}
