package host

// A request as a route's Call sees it: where parameters come from.

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"fluxo.dev/fluxo"
)

// A Request is one HTTP request to a route. Binding functions note what is wrong
// with it; [Request.Err] returns all of that together. It is valid until Call returns.
type Request struct {
	ctx    context.Context
	http   *http.Request
	out    *exchange
	limits *Limits
	query  []parameter // parsed at the first use
	parsed bool
	wrong  []string
	beyond bool  // more of the request was asked for than its address
	custom bool  // code of the author's read a parameter: it may read the same text otherwise another time
	failed error // a failure that says more than 400: a body that is too large
}

// Context returns the context that the flow runs under.
func (r *Request) Context() context.Context { return r.ctx }

// User returns the signed-in caller; for routes with User set.
func (r *Request) User() fluxo.User { return fluxo.User{ID: r.out.info.Caller} }

// HTTP returns the request itself, for flows that take it.
func (r *Request) HTTP() *http.Request {
	r.beyond = true
	return r.http.WithContext(r.ctx)
}

// Writer returns where a flow that takes an http.ResponseWriter writes its answer. From then on
// the flow's deadline only cancels its context.
func (r *Request) Writer() http.ResponseWriter {
	if !r.out.take() {
		return droppedWriter{http.Header{}}
	}
	return r.out
}

// A droppedWriter takes what comes after the answer.
type droppedWriter struct{ header http.Header }

func (w droppedWriter) Header() http.Header         { return w.header }
func (w droppedWriter) Write(b []byte) (int, error) { return 0, http.ErrHandlerTimeout }
func (w droppedWriter) WriteHeader(int)             {}

// Err returns nil if all parameters were bound, otherwise an Invalid error that
// names each that was not, and why.
func (r *Request) Err() error {
	switch {
	case r.failed != nil:
		return r.failed
	case len(r.wrong) > 0:
		return fluxo.Invalid.Errorf("%s", strings.Join(r.wrong, "; "))
	}
	return nil
}

func (r *Request) complain(format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Sprintf(format, args...))
}

// Path binds the path wildcard name.
func Path[T any](r *Request, name string) T {
	var v T
	r.mark(name, reflect.TypeFor[T]())
	r.custom = r.custom || isCustom[T]()
	if err := parse(r.http.PathValue(name), &v); err != nil {
		r.complain("path part %q: %v", name, err)
	}
	return v
}

// Query binds the query parameter name. A plain scalar must be given exactly
// once; a pointer to one may be left out (nil); a slice of them takes all values, in
// their order, none included.
func Query[T any](r *Request, name string) T {
	var v T
	r.mark(name, reflect.TypeFor[T]())
	r.custom = r.custom || isCustom[T]()
	if err := parseAll(r.parameters(name), &v, r.limits.ListValues); err != nil {
		r.complain("query parameter %q: %v", name, err)
	}
	return v
}
