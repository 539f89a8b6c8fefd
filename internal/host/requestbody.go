package host

// The bounds of a request's body: its size and the time it may take.

import (
	"io"
	"net/http"
	"time"
)

// boundBody makes sure that a body ends, whoever reads it: the flow, a handler or
// net/http, which reads what nobody wanted to reach the next request.
func (s *Service) boundBody(x *exchange, r *http.Request) {
	control := http.NewResponseController(x.ResponseWriter)
	_ = control.SetReadDeadline(x.start.Add(s.limits.Read)) // every net.Conn has deadlines
	r.Body = &boundedBody{http.MaxBytesReader(x.ResponseWriter, r.Body, s.limits.BodyBytes), control}
}

// A boundedBody lifts the deadline at its end. net/http goes on reading there
// to notice when the client leaves, and would take the deadline for that.
type boundedBody struct {
	io.ReadCloser
	control *http.ResponseController
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}
