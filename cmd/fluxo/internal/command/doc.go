// Package command holds the fluxo commands.
//
//	build run test vet    the go commands of the same name, with one thing added: the
//	                      overlay under which flows run the plan (program.go)
//	init overlay eject    what ties a project to Fluxo, and unties it
//	graph check           what Fluxo understands of a program, and of its plan
//	record top apply      what a running service does, and under which plan (running.go)
//	plan explain simulate what a trace of it says (trace.go)
//	replay verify         its requests, sent again
//
// Arguments of the go command pass through untouched (arguments.go); what a
// command prints is plain lines, and errors say what to do. The exit code is 0
// if all went well, 1 if the program is at fault, 2 if the command line is; run
// and test pass on the code of what they ran.
package command
