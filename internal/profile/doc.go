// Package profile holds what was measured of a running service: a trace, which is
// a sample of whole requests complete enough to be replayed, and what can be told from it.
//
// A trace has no values in it. Of each variable that a node sets it has a hash of the
// content and the size, so that it can be told which calls had equal arguments, and
// what would lie in a store under which key, without anything that was said in a request.
package profile
