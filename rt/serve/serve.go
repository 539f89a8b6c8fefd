// Package serve is what emitted code calls for triggers: HTTP requests and schedules. It is apart from
// package rt so that a program without triggers links no HTTP server for them.
//
// The package of a flow registers its routes in an init function of its extra
// file, where unexported names are at hand:
//
//	func init() {
//		serve.Register(serve.Route{
//			Flow: "example.com/weather.Weather", Method: "GET", Pattern: "/weather/{zip}", Read: true, Cache: serve.Public,
//			Call: func(r *serve.Request) (any, error) {
//				zip := serve.Path[string](r, "zip")        // a path wildcard of the pattern
//				days := serve.Query[*int](r, "days")       // any other scalar, pointer to one, or slice of them
//				if err := r.Err(); err != nil {            // all that was wrong, together
//					return nil, err
//				}
//				return Weather(r.Context(), zip, days)
//			},
//		})
//	}
//
// A parameter that is a struct, a pointer to one, a map or a slice of such is
// serve.Body[T](r), at most one a flow; fluxo.User is r.User(), with Route.User
// set; context.Context is r.Context(); *http.Request is r.HTTP();
// http.ResponseWriter is r.Writer(). Scalars are booleans, strings,
// numbers, named types of those, time.Time, time.Duration and what implements
// encoding.TextUnmarshaler. A flow without an error result returns (v, nil), one
// without results (nil, nil); of several results the emitted code makes a struct.
// A flow with the signature func(http.ResponseWriter, *http.Request) is Route.Handler instead, and so is a raw handler.
//
// The supplied main function is
//
//	func main() { serve.Main("fluxo.plan", "…the plan…") }
package serve

import (
	"context"
	"log/slog"
	"os"
	"sync"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/host"
	"fluxo.dev/fluxo/rt"
	"fluxo.dev/fluxo/rt/control"
)

type (
	// A Route is one HTTP trigger of a flow.
	Route = host.Route
	// A Request is where a route's parameters come from.
	Request = host.Request
	// A Schedule is a flow that runs at intervals.
	Schedule = host.Schedule
)

// Who may keep the answers of a route.
const (
	NoStore = host.NoStore
	Private = host.Private
	Public  = host.Public
)

// Path binds the path wildcard name.
func Path[T any](r *Request, name string) T { return host.Path[T](r, name) }

// Query binds the query parameter name.
func Query[T any](r *Request, name string) T { return host.Query[T](r, name) }

// Body binds the JSON body.
func Body[T any](r *Request) T { return host.Body[T](r) }

// routes is filled by init functions, which run one after another.
var routes []Route

// Register adds a route to those that Main serves. Call it in an init function.
func Register(r Route) {
	r.Follow = following(r.Flow)
	routes = append(routes, r)
}

// schedules is filled likewise.
var schedules []Schedule

// RegisterSchedule adds a schedule to those that Main runs. Call it in an init function.
func RegisterSchedule(s Schedule) { schedules = append(schedules, s) }

// following returns the Follow of a route. The flow itself may be registered later
// than its route.
func following(flow string) func(context.Context) (context.Context, host.Followed) {
	slot := sync.OnceValue(func() *rt.Slot {
		if f := engine.Lookup(graph.FlowName(flow)); f != nil {
			return f.Slot
		}
		return nil // of another module: it runs as written
	})
	return func(ctx context.Context) (context.Context, host.Followed) {
		if s := slot(); s != nil {
			if ctx, run := s.Follow(ctx); run != nil {
				return ctx, run
			}
		}
		return ctx, nil
	}
}

// Main serves the registered routes and schedules, under the plan in text, until the process is told to
// stop. name is the plan's, for messages. It does not return.
func Main(name, text string) {
	log := host.NewLog(os.Stderr)
	slog.SetDefault(log.Logger)
	program := host.Program{Routes: routes, Schedules: schedules, Log: log, Plan: func(plain bool) []host.PlannedFlow {
		if plain {
			text = ""
		}
		return planned(rt.Embed(name, text).InForce)
	}}
	flush := control.Start()
	status := program.Main(os.Args[1:], os.Getenv, os.Stderr)
	flush()
	os.Exit(status)
}

// planned groups the decisions in force by flow, as they are logged.
func planned(inForce []rt.Decision) (flows []host.PlannedFlow) {
	for _, d := range inForce {
		last := len(flows) - 1
		if last < 0 || flows[last].Flow != d.Flow {
			flows = append(flows, host.PlannedFlow{Flow: d.Flow})
			last++
		}
		flows[last].Decisions = append(flows[last].Decisions, d.Line)
	}
	return flows
}
