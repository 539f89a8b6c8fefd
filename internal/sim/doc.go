// Package sim tells how a service would have served a trace under another plan, on
// another machine or beside slower upstreams.
//
// There is no model of the engine here: it is the engine that runs, with its own
// stores, flights and forks, over graphs whose code is the trace. A node's code waits for
// as long as the node took when it was recorded, and sets variables to hashes of
// what they held. So what hits, what is dropped, what waits for what and what it
// comes to need not be predicted; only what the trace does not say has to be assumed: how long
// a node takes on a road that its request did not go.
package sim
