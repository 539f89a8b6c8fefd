package host

// The routes of a service as one http.Handler.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/request"
)

// A Service answers HTTP requests by its routes, within its limits.
type Service struct {
	limits   Limits
	log      *slog.Logger
	mux      *http.ServeMux
	foreign  http.CrossOriginProtection
	inFlight atomic.Int64
	stopping atomic.Bool
	users    request.Authenticator // nil if the program has none
}

// New returns the service of routes. Two routes that answer the same requests,
// and patterns that are none, are errors that name the flows.
func New(routes []Route, limits Limits, log *slog.Logger) (*Service, error) {
	s := &Service{limits: limits, log: log, mux: http.NewServeMux(), users: request.ProgramAuthenticator()}
	taken := make(map[string]string)
	for i := range routes {
		route := &routes[i]
		if other, ok := taken[route.String()]; ok {
			return nil, fmt.Errorf("flows %s and %s both answer %s: change the path of one", other, route.Flow, route)
		}
		taken[route.String()] = route.Flow
		if err := s.handle(route); err != nil {
			return nil, fmt.Errorf("flow %s cannot answer %s: %w", route.Flow, route, err)
		}
		if route.User && s.users == nil {
			log.Warn("a flow takes a fluxo.User, and the program does not call fluxo.Authenticate: it will refuse every request", "flow", route.Flow)
		}
	}
	for path, handler := range map[string]http.HandlerFunc{"/healthz": s.healthy, "/readyz": s.ready} {
		if _, ok := taken["GET "+path]; !ok {
			probe := &Route{Flow: path, Method: http.MethodGet, Pattern: path, Read: true, Handler: handler}
			if err := s.handle(probe); err != nil {
				return nil, fmt.Errorf("the health endpoint %s: %w", path, err)
			}
		}
	}
	return s, nil
}

// handle adds a route to the mux, which panics where it cannot.
func (s *Service) handle(route *Route) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%v", v)
		}
	}()
	s.mux.HandleFunc(route.String(), func(w http.ResponseWriter, r *http.Request) { s.run(w.(*exchange), r, route) })
	return nil
}

func (s *Service) healthy(w http.ResponseWriter, _ *http.Request) {
	_ = writeResult(w, health{"ok"}, &s.limits)
}

func (s *Service) ready(w http.ResponseWriter, _ *http.Request) {
	if s.stopping.Load() {
		x := w.(*exchange)
		x.fail(fluxo.Unavailable.Errorf("the service is stopping"))
		return
	}
	_ = writeResult(w, health{"ready"}, &s.limits)
}

type health struct {
	Status string `json:"status"`
}

var (
	errBusy    = fluxo.Unavailable.Errorf("too many requests at a time")
	errForeign = fluxo.Denied.Errorf("writes from pages of other origins are refused")
)

// ServeHTTP answers one request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{ResponseWriter: w, method: r.Method, path: r.URL.Path, start: time.Now(), id: fluxo.NewID(context.Background()).String()}
	defer s.logRequest(x)
	now := s.inFlight.Add(1)
	defer s.inFlight.Add(-1)
	if r.ContentLength != 0 {
		s.boundBody(x, r)
	}
	switch {
	case now > int64(s.limits.Requests) && !isProbe(r.URL.Path):
		w.Header().Set("Connection", "close")
		x.fail(errBusy)
	case countHeaders(r.Header) > s.limits.Headers:
		w.Header().Set("Connection", "close")
		x.fail(&statusError{http.StatusRequestHeaderFieldsTooLarge,
			fluxo.Invalid.Errorf("the request has more than %d header lines", s.limits.Headers)})
	case s.foreign.Check(r) != nil:
		x.fail(errForeign)
	default:
		s.mux.ServeHTTP(x, r)
	}
}

// isProbe reports whether the process itself is asked how it is: that must
// work under overload too.
func isProbe(path string) bool { return path == "/healthz" || path == "/readyz" }

func countHeaders(h http.Header) int {
	n := 0
	for _, values := range h {
		n += len(values)
	}
	return n
}

// run answers by a route: binds, calls the flow, writes what came out.
func (s *Service) run(x *exchange, r *http.Request, route *Route) {
	x.route = route
	parent := r.Context()
	if !route.Read {
		parent = context.WithoutCancel(parent) // never half done: a client may leave, the flow goes on
	}
	ctx, cancel := context.WithTimeout(parent, s.limits.Flow)
	defer cancel()
	info := &request.Request{ID: x.id, Now: x.start.Round(0)}
	if route.User {
		if err := s.recognise(ctx, r, info); err != nil {
			x.fail(err)
			return
		}
	}
	r = r.WithContext(request.With(ctx, info))
	if route.Handler != nil {
		s.runHandler(x, r, route)
		return
	}
	s.runCall(x, &Request{http: r, out: x, limits: &s.limits, user: fluxo.User{ID: info.Caller}}, route)
}

// recognise notes who is calling, or says why that is not known.
func (s *Service) recognise(ctx context.Context, r *http.Request, info *request.Request) error {
	if s.users == nil {
		return fluxo.Unauthenticated
	}
	caller, err := s.users(request.With(ctx, &request.Request{ID: info.ID, Now: info.Now}), r.Header)
	info.Caller = caller
	return err
}

// runCall runs a flow that returns its answer. If the flow is still running at its
// deadline, the client gets its 504 then; the flow's own result is dropped.
func (s *Service) runCall(x *exchange, r *Request, route *Route) {
	var (
		result any
		err    error
		done   bool
	)
	stop := context.AfterFunc(r.Context(), func() { s.late(x, r.Context()) })
	defer func() {
		stop()
		if !done {
			err = s.panicked(x, recover())
		}
		if x.taken {
			x.finishTaken(err)
		} else {
			x.once(func() { s.answer(x, result, err) })
		}
		if !done {
			x.Flush() // after Goexit net/http would not
		}
	}()
	result, err = route.Call(r)
	done = true
}

// answer writes a flow's result.
func (s *Service) answer(x *exchange, result any, err error) {
	if err == nil {
		err = writeResult(x, result, &s.limits)
	}
	if err != nil {
		x.fail(err)
	}
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

// late answers for a flow that did not return by its deadline.
func (s *Service) late(x *exchange, ctx context.Context) {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return // the client left, or the flow returned
	}
	x.once(func() {
		x.Header().Set("Connection", "close") // the flow keeps this connection's goroutine
		x.fail(fluxo.Timeout.Errorf("the flow did not return within %v", s.limits.Flow))
		x.Flush()
	})
}

// runHandler runs a flow that writes its answer itself.
func (s *Service) runHandler(x *exchange, r *http.Request, route *Route) {
	done := false
	defer func() {
		if done {
			return
		}
		x.finishTaken(s.panicked(x, recover()))
		x.Flush()
	}()
	route.Handler(x, r)
	done = true
}
