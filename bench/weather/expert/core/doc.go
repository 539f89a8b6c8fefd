// Package core is the weather service as somebody would write it by hand who knows what it is
// asked and what its providers are like: every answer of a provider is kept as long as it may be,
// encoded; nobody asks for what somebody else is asking for already; what will probably be
// asked for again is renewed before it expires; whole answers are kept ready to be written.
//
// How long something may be kept is the declared bound and nothing else decides: what is older
// than its bound is not served, whoever waits for it. All of that goes by a [Clock] that can be moved.
package core
