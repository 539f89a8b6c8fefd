// Package emit prints the Go code that the overlay adds to an author's package.
//
// The author's file stays as it is but for the names of the functions that Fluxo
// takes over ([File.Takeover]): flows, and steps with words that act. One file
// of the package, [FileName], holds everything else, in this order:
//
//	dispatchers and pieces of flows       flow*.go
//	wrappers of steps with acting words   steps.go
//	HTTP routes of flows                  routes.go
//	keys and copiers of types             package value
//
// Emission does not depend on the plan: one package may serve two programs. What
// a main package gets on top, the plan and where there is none a main function,
// is in main.go.
package emit
