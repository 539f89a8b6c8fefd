package host

// What emitted code says about one HTTP trigger.

import (
	"context"
	"net/http"
)

// A Route is one HTTP trigger of a flow. Exactly one of Call and Handler is set.
type Route struct {
	Flow    string // the flow's full name, for logs and errors
	Method  string // "GET", "POST", "PUT", "PATCH" or "DELETE"; GET answers HEAD too; "" answers all
	Pattern string // a path pattern of http.ServeMux: "/weather/{zip}"

	// Read says that the flow is a read flow, or a raw handler: it is cancelled when its client goes
	// away. Every other flow runs to its end.
	Read bool

	// User says that the flow takes a fluxo.User: a request whose caller is not
	// recognised is answered 401 and the flow does not run.
	User bool

	// Cache says who may keep what a GET is answered. Vary lists what of the request's header the answer
	// depends on, as the value of the header that says so; nil for nothing.
	Cache Cache
	Vary  []string

	// Call binds the parameters, calls the flow and returns its result: nil for none
	// (204), a fluxo.Page (HTML), anything else becomes JSON.
	//
	//	func(r *serve.Request) (any, error) {
	//		zip := serve.Path[string](r, "zip")
	//		days := serve.Query[*int](r, "days")
	//		if err := r.Err(); err != nil {
	//			return nil, err
	//		}
	//		return Weather(r.Context(), zip, days)
	//	}
	Call func(*Request) (any, error)

	// Follow, if not nil, returns the context under which one run of the flow can be
	// followed; nil beside it if nothing could be told of it.
	Follow func(context.Context) (context.Context, Followed)

	// Handler is a flow that is an HTTP handler itself, or a raw handler.
	Handler http.HandlerFunc
}

func (rt *Route) String() string {
	if rt.Method == "" {
		return rt.Pattern
	}
	return rt.Method + " " + rt.Pattern
}
