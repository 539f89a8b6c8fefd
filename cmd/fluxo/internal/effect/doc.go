// Package effect works out what each function of a program does to the world:
// from its //fluxo: directives, from the tables of functions that Fluxo ships
// summaries for, and, for everything else, from its body, which can prove one
// thing only: that a function is pure.
//
// [Analyzer] is a go/analysis pass. Its summaries travel as facts, and facts
// never depend on importers; what only the program as a whole can answer for is
// checked on the main package.
//
//	directive.go   one comment line → name, arguments, positions
//	place.go       where directives stand, and those that stand wrongly
//	declare.go     a function's directives → its Summary
//	words.go       values of the words
//	key.go         names of data
//	shape.go       signatures that words need: batch, undo, deferrable
//	trigger.go     routes, and whether a flow's parameters can be bound
//	shipped.go     the tables of summaries, in shipped/*.txt
//	assume.go      directives for functions that cannot be edited
//	infer.go       what bodies prove, by the regions of memory (region.go) that
//	               statements (body.go, assign.go), expressions (expr.go, fields.go),
//	               stores (write.go) and calls (call.go, callee.go, funcvalue.go) touch
//	templates.go   what executing a template may call
//	changes.go     package variables and fields that change after the start: by stores,
//	               by their methods (state.go), by whoever holds their address (leak.go), through
//	               others that share their memory (globals.go); what main sets before it serves
//	               (begins.go) is the start
//	builtin.go     builtin functions and conversions
//	order.go       loops over maps, which have no order
//	outside.go     what functions do to the world outside the process, by the tables and by
//	               the texts that they are given (request.go)
//	hidden.go      inputs of steps that the flow does not show
//	promise.go     declared steps, held against what their bodies do
//	implement.go   implementations, held against their interfaces
//	analyzer.go    the pass, its facts and its Index
//	look.go        pieces of functions, for the glue of flows
//	program.go     conditions of the whole program
package effect
