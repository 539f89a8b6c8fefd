// Package planner is the program in which patterns run. fluxo plan builds one in the module of
// the service, so that it links whatever patterns the service's author imports in the
// file fluxo_patterns.go, beside Fluxo's own. Services never link it.
//
// The program reads a Question on its standard input and writes an Answer to the file that
// its one argument names; what it prints is for people. Nobody has to believe it: the command holds the
// plan of the answer against the source, and replays the trace under it, by itself.
//
// The package is experimental, like package pattern.
package planner

// Format is the version of questions and answers. A command and a planner of different
// formats do not understand each other, and say so.
const Format = 1
