// Package plan holds the plan file, which says how a program departs from its
// source order, and applies its decisions to the graphs of flows.
//
// # The file
//
// A plan is a list of lines, in the manner of go.mod, made to be read, reviewed,
// edited by hand or tool, and committed beside the service's main package:
//
//	fluxo 1                                  // version of the format, first
//	memory 64MiB                             // bound of all stored results together
//	goal p99                                 // what is to be made small; mean if it is not said
//	limit calls 1.0                          // what must hold beside it
//
//	flow example.com/weather.Weather (
//		parallel Observe Alerts              // each begins at the first one's place
//		store Locate                         // keep the results of a region
//		coalesce Locate                      // one run for overlapping calls
//		hedge Observe after=120ms            // a second try beside a slow one
//		pin store Locate..Alerts             // the author's: no tool may remove it
//		never parallel Locate                // the author's: no tool may add it
//		off store Observe                    // written, but switched off
//	)
//
// A region is a node, or the nodes First..Last of one block. parallel takes two
// or more regions, or one and more with ahead=N inside a loop: up to N later
// iterations may have begun too. A line "never" forbids every decision of its
// kind that has all of its regions.
//
// Lines may end in LF or CRLF; [File.Format] writes LF, one tab, one space
// between words, and keeps every comment.
//
// # Application
//
// [Apply] turns decisions into a planned graph: the source graph with start,
// stored, shared and hedged nodes added. It asks only whether a decision can be written
// down in this graph, never whether it keeps the meaning; that is the work of
// the package check, which shares no code with this one.
package plan
