package host

// The routes of a service as one http.Handler.

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/request"
)

// A Service answers HTTP requests by its routes, within its limits.
type Service struct {
	limits    Limits
	log       *Log
	mux       *http.ServeMux
	foreign   http.CrossOriginProtection
	users     request.Authenticator // nil if the program has none
	deadlines *deadlines
	targets   *readyTable
	schedules schedules
	requests  atomic.Uint64
	inFlight  atomic.Int64
	stopping  atomic.Bool
}

// A route is a Route with what its log lines begin with.
type route struct {
	Route
	logged string
	probe  bool // a health endpoint: not logged
}

// New returns the service of routes. Two routes that answer the same requests,
// and patterns that are none, are errors that name the flows.
func New(routes []Route, limits Limits, log *Log) (*Service, error) {
	s := &Service{limits: limits, log: log, mux: http.NewServeMux(), users: request.ProgramAuthenticator(), deadlines: newDeadlines(limits.Flow), targets: newReadyTable()}
	taken := make(map[string]string)
	for _, r := range routes {
		if other, ok := taken[r.String()]; ok {
			return nil, fmt.Errorf("flows %s and %s both answer %s: change the path of one", other, r.Flow, &r)
		}
		taken[r.String()] = r.Flow
		if err := s.handle(&route{Route: r, logged: log.routeFields(&r)}); err != nil {
			return nil, fmt.Errorf("flow %s cannot answer %s: %w", r.Flow, &r, err)
		}
		if r.User && s.users == nil {
			log.Warn("a flow takes a fluxo.User, and the program does not call fluxo.Authenticate: it will refuse every request", "flow", r.Flow)
		}
	}
	for path, handler := range map[string]http.HandlerFunc{"/healthz": s.healthy, "/readyz": s.ready} {
		if _, ok := taken["GET "+path]; !ok {
			probe := &route{Route: Route{Method: http.MethodGet, Pattern: path, Read: true, Handler: handler}, probe: true}
			if err := s.handle(probe); err != nil {
				return nil, fmt.Errorf("the health endpoint %s: %w", path, err)
			}
		}
	}
	return s, nil
}

// handle adds a route to the mux, which panics where it cannot.
func (s *Service) handle(route *route) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%v", v)
		}
	}()
	s.mux.HandleFunc(route.String(), func(w http.ResponseWriter, r *http.Request) { s.run(w.(*exchange), r, route) })
	return nil
}

func (s *Service) healthy(w http.ResponseWriter, _ *http.Request) {
	s.report(w.(*exchange), "ok")
}

func (s *Service) ready(w http.ResponseWriter, _ *http.Request) {
	if s.stopping.Load() {
		x := w.(*exchange)
		x.fail(fluxo.Unavailable.Errorf("the service is stopping"))
		return
	}
	s.report(w.(*exchange), "ready")
}

func (s *Service) report(x *exchange, status string) {
	if answer, err := render(health{status}, &s.limits); err == nil {
		x.send(answer)
		answer.drop()
	}
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
	x := &exchange{ResponseWriter: w, method: r.Method, path: r.URL.Path, start: time.Now()}
	x.info = request.Request{Number: s.requests.Add(1), Now: x.start.Round(0).Add(clock.Ahead())}
	x.info.Parent = r.Header.Get("Traceparent")
	x.record(r)
	now := s.inFlight.Add(1)
	defer s.done(x)
	c := arrived(r)
	if r.ContentLength != 0 {
		s.boundBody(x, r)
	}
	switch {
	case now > int64(s.limits.Requests) && !isProbe(x.path):
		w.Header().Set("Connection", "close")
		x.fail(errBusy)
	case s.foreign.Check(r) != nil:
		x.fail(errForeign)
	default:
		s.mux.ServeHTTP(x, r)
		s.learn(c, x, r)
	}
}

func (s *Service) done(x *exchange) {
	s.inFlight.Add(-1)
	s.log.request(x)
	x.recorded()
}

// isProbe reports whether the process itself is asked how it is: that must
// work under overload too.
func isProbe(path string) bool { return path == "/healthz" || path == "/readyz" }

// run answers by a route: binds, calls the flow, writes what came out.
func (s *Service) run(x *exchange, r *http.Request, route *route) {
	x.route = route
	parent := r.Context()
	if !route.Read {
		parent = context.WithoutCancel(parent) // never half done: a client may leave, the flow goes on
	}
	x.flow.Context, x.flow.deadline = parent, x.start.Add(s.limits.Flow)
	defer x.flow.end()
	if route.User {
		if err := s.recognise(&x.flow, r, &x.info); err != nil {
			x.fail(err)
			return
		}
	}
	ctx := request.With(&x.flow, &x.info)
	if route.Handler != nil {
		s.runHandler(x, r.WithContext(ctx), route)
		return
	}
	x.bind = Request{ctx: ctx, http: r, out: x, limits: &s.limits}
	s.runCall(x, route)
}

// recognise notes who is calling, or says why that is not known.
func (s *Service) recognise(ctx context.Context, r *http.Request, info *request.Request) error {
	if s.users == nil {
		return fluxo.Unauthenticated
	}
	unknown := *info
	caller, err := s.users(request.With(ctx, &unknown), r.Header)
	info.Caller = caller
	return err
}

// runCall runs a flow that returns its answer. If the flow is still running at its
// deadline, the client gets its 504 then; the flow's own result is dropped.
func (s *Service) runCall(x *exchange, route *route) {
	var (
		answer rendering
		err    error
		done   bool
	)
	s.deadlines.watch(x)
	defer func() {
		s.deadlines.forget(x)
		if !done {
			err = s.panicked(x, recover())
		}
		x.finish(answer, err)
		if !done {
			x.Flush() // after Goexit net/http would not
		}
	}()
	result, err := x.call(route)
	if !x.taken {
		answer, err = x.encode(result, err, &s.limits)
	}
	done = true
}

// call calls a route's flow, which is followed if its answer can be kept.
func (x *exchange) call(route *route) (any, error) {
	if route.Follow == nil || route.Cache == NoStore || !x.asks() {
		return route.Call(&x.bind)
	}
	ctx, run := route.Follow(x.bind.ctx)
	if run != nil {
		x.bind.ctx, x.followed = ctx, run
		defer run.End()
	}
	return route.Call(&x.bind)
}

// asks reports whether the request is one whose answer can be kept.
func (x *exchange) asks() bool { return x.method == http.MethodGet || x.method == http.MethodHead }

// runHandler runs a flow that writes its answer itself.
func (s *Service) runHandler(x *exchange, r *http.Request, route *route) {
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
