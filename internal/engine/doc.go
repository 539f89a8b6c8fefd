// Package engine runs flows under a plan.
//
// # The walk
//
// A planned graph is walked in source order (walk.go, loop.go). Nothing in the
// walk knows of failures, panics or results: they are what the author's code
// does when it is called in that order. A plan adds four things, each of which
// stands where the walk will arrive anyway:
//
//   - a fork (fork.go) has done the work already, on a frame of its own; the walk
//     takes its variables and its exit, or does the work itself;
//   - a fill (fill.go) takes the results from the store, or does the work and keeps
//     them;
//   - a flight (flight.go) takes them from an overlapping run;
//   - a hedge (hedge.go) does the work twice where it takes long, and takes what ends first.
//
// # What a fill saw
//
// Whoever will keep or pass on results has to know what they depend on: a
// recording (record.go) gathers it while the work runs, through forks, nested
// fills and flows called inside. Named data is exact by the counters of stamp.go;
// hidden inputs are caught by the contexts of watch.go.
//
// # The world
//
// The engine has no clock, goroutine or random number of its own: it asks a
// [World] (world.go). Package simworld has one with virtual time, in which the
// tests run; package rt has the real one.
package engine
