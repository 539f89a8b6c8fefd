package host

// One request and its answer, from the first byte to the log line.

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/request"
)

// An exchange is the http.ResponseWriter of one request. It notes what was
// answered, makes sure that it is answered once, and puts the mux's own refusals into our form.
type exchange struct {
	http.ResponseWriter
	method   string
	path     string
	start    time.Time
	route    *route          // nil until the mux found one
	info     request.Request // what the flow's context carries
	flow     flowContext
	bind     Request  // what the route's Call gets
	followed Followed // its flow's run; nil if nothing can be told of it

	mu       sync.Mutex // held while answering: the flow and its deadline compete
	answered bool
	taken    bool // the flow writes the answer itself

	previous, next *exchange // in the queue of those with a deadline
	queued         bool

	recording *recording // nil unless somebody records

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
	allow := x.Header().Get("Allow")
	switch {
	case status == http.StatusMethodNotAllowed && x.method == http.MethodOptions:
		x.Header().Set("Allow", allow+", OPTIONS")
		x.status = http.StatusNoContent
		x.ResponseWriter.WriteHeader(x.status)
	case status == http.StatusMethodNotAllowed:
		x.fail(&statusError{status, fluxo.Invalid.Errorf("%s is not possible here, only %s", x.method, allow)})
	case status == http.StatusNotFound:
		x.fail(fluxo.NotFound.Errorf("there is nothing at this address"))
	default:
		x.fail(&statusError{status, fluxo.Invalid.Errorf("%s", strings.ToLower(http.StatusText(status)))})
	}
	x.muted = true
}

// fail answers with err. What a flow had put into the header stays out of it.
func (x *exchange) fail(err error) {
	x.failed = err
	x.status = Status(err)
	x.bytes = writeError(x.ResponseWriter, err, x.info.ID())
}

// finish answers with what the flow returned, if nobody has.
func (x *exchange) finish(answer rendering, err error) {
	if x.taken {
		x.finishTaken(err)
		return
	}
	x.once(func() {
		if err != nil {
			x.fail(err)
		} else {
			x.send(answer)
		}
	})
	answer.drop()
}

// finishTaken ends the answer of a flow that wrote it itself.
func (x *exchange) finishTaken(err error) {
	switch {
	case x.status == 0 && err != nil:
		x.fail(err)
	case err != nil:
		x.failed = err
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	case x.status == 0:
		x.WriteHeader(http.StatusOK)
	}
}
