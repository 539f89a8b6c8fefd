// Package graph defines the dataflow graph of a flow: the one form that the
// lift produces, patterns rewrite, the checker compares and the engine runs.
//
// # Shape
//
// A [Graph] keeps the structure of the source. Its body is a [Block], a list of
// [Node]s in source order; branches and loops are nodes that hold blocks. A
// node says which variables it reads, sets and edits in place, and what it does
// to the world ([Effect]). Dataflow edges and the order between conflicting
// effects are derived from that, in flow.go and order.go, and never stored:
// an edge that can be derived cannot disagree with the node it came from.
//
// The walk over the blocks in source order is the meaning of the graph. A plan
// never changes that order. It adds nodes of four kinds, start, stored,
// shared and hedged, which let work begin before the walk arrives, let the walk take a
// result instead of doing the work, or do it twice at once and take what comes first. [Erase] removes them and gives back the
// source graph exactly, which is how the checker knows that nothing was lost.
//
// # Nodes
//
//	kind     blocks    what it does
//	glue     -         pure statements; may exit (return, break, continue)
//	step     -         one call that Fluxo does not look into, with the glue of its arguments
//	call     -         one call of another flow
//	fresh    -         one call of a clock, an ID or a random source: a new value every time
//	fail     -         the failure edge of the step before: glue that runs, and exits, only if Err is not nil
//	result   -         a return of the flow
//	defer    -         registers a call that runs when the flow exits, last registered first
//	branch   1 or more if, switch, type switch: at most one block runs
//	each     1         a loop whose iterations do not depend on each other but through accumulators
//	fold     1         any other loop: iterations in order
//
// Only in a planned graph:
//
//	kind     blocks    what it does
//	start    -         lets the nodes First..Last of the same block begin here, before the walk reaches them
//	stored   1         takes the block's results from the store, or runs it and keeps them
//	shared   1         takes the block's results from an overlapping run of the same block with the same inputs
//	hedged   1         runs the block a second time beside the first, if that takes longer than After, and takes the results of the one that ends first
//
// # Text
//
// [Graph.String] prints the stable text form, [Parse] reads it back; the
// debugger, golden files, emitted code and docs all use this one form:
//
//	flow weather.Weather
//	param ctx context context.Context
//	param zip data string key copy
//	var at data Place key copy
//	var at.Zone data string key copy of=at
//	var err error error
//	result out.0 data Report key copy
//	result out.1 error error
//	body {
//		step Locate weather.Locate (ctx zip) -> (at at.Zone err) err=err @weather.go:31 {volatile 24h} `at, err := Locate(ctx, zip)`
//		fail Locate.fail (err) -> (out.0 out.1) err=err exit=return @weather.go:32 `if err != nil { return Report{}, err }`
//		each each.zips (zips) -> () @weather.go:40 `for _, zip := range zips` {
//			...
//		}
//	}
//
// A variable's line is its role, name, kind and Go type, then key, copy,
// alias=GROUP, scope=LOOP, of=VARIABLE ([Var.Of]). A node's line is its kind and ID, the function it calls, what
// it reads -> sets, then any of edit=(...), err=, exit=return,break,continue,
// loops=, panics, total, fork=, @file:line, its effects in braces and its source in back quotes;
// its blocks follow, each in braces. What the author runs beside each other says so:
// fork=GROUP function=1 limit=4 over=LOOP rounds locked ([Fork]). Effects are written as directives are:
// {reads posts:{id}:de within=1m; volatile 10m onerror=6h errors=NotFound}. Planned nodes
// have no variables of their own:
//
//	start start.Alerts Alerts..Alerts.fail ahead=8
//	stored store.Locate refresh=80 {
//		...
//	}
//	hedged hedged.Observe after=120ms budget=5 {
//		...
//	}
//
// answer, on a stored node around the whole body, says that its encoded form is kept ([Node.Answer]).
//
// Any name that holds a space, a bracket, "..", or another sign of this grammar stands
// in quotes, as Go writes them.
package graph
