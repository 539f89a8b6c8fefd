// Package host is the outside world of a service: HTTP triggers, their limits,
// shutdown, logs.
//
// Emitted code describes each trigger as a [Route]; [New] makes the routes one
// http.Handler with every limit on; [Run] serves it until the process is told to stop.
//
//	listen ▶ connections ▶ header limits ▶ requests at a time ▶ cross-origin ▶ mux ▶ bind ▶ flow ▶ answer ▶ log
//
// Whatever a request does wrong gets an answer that says what it was, as
//
//	{"error":{"kind":"Invalid","message":"query parameter \"n\": \"x\" is not a whole number","request":"0198…"}}
//
// and whatever the service does wrong is logged whole and answered by kind only.
package host
