package fluxo

// The kinds of error: what a caller can act upon.

import (
	"context"
	"errors"
	"fmt"
)

// A Kind says what went wrong, as far as it matters to who has to react. It is
// an error itself: return it as it is, or say more with [Kind.Errorf]; test for
// it with errors.Is(err, fluxo.NotFound), or ask [KindOf].
//
// Over HTTP each kind is a status. The texts of errors below 500 reach the
// client; those of Internal, Unavailable and Timeout may name hosts and queries and
// are logged only.
type Kind string

// The kinds, with their HTTP status and whose turn it is.
const (
	Internal        Kind = "Internal"        // 500 a bug, or any error without a kind: the service's author
	Invalid         Kind = "Invalid"         // 400 the request makes no sense: the client, by another request
	Unauthenticated Kind = "Unauthenticated" // 401 nobody is signed in: the client, by signing in
	Denied          Kind = "Denied"          // 403 the caller may not do that: nobody
	NotFound        Kind = "NotFound"        // 404 there is no such thing: nobody
	Conflict        Kind = "Conflict"        // 409 something else was there first: the client, after looking again
	TooMany         Kind = "TooMany"         // 429 the caller asks too often: the client, later
	Canceled        Kind = "Canceled"        // 499 the caller went away: nobody
	Unavailable     Kind = "Unavailable"     // 503 something needed does not work just now: the client, later
	Timeout         Kind = "Timeout"         // 504 no result in time: the client, later
)

var kindTexts = map[Kind]string{
	Internal:        "internal error",
	Invalid:         "invalid request",
	Unauthenticated: "not signed in",
	Denied:          "not allowed",
	NotFound:        "not found",
	Conflict:        "conflict",
	TooMany:         "too many requests",
	Canceled:        "canceled",
	Unavailable:     "temporarily unavailable",
	Timeout:         "no result in time",
}

// Error describes the kind in a few lower-case words.
func (k Kind) Error() string {
	if text, ok := kindTexts[k]; ok {
		return text
	}
	return kindTexts[Internal]
}

// Errorf returns an error of kind k with a text made as by fmt.Errorf, whose
// verb %w wraps.
func (k Kind) Errorf(format string, args ...any) error {
	return &Error{Kind: k, Err: fmt.Errorf(format, args...)}
}

// KindOf returns the kind of err: that of the first [Error] or [Kind] in its
// tree, outermost first; Canceled for context.Canceled; Timeout for what reports
// to be one (context.DeadlineExceeded, network time-outs); Internal for any other
// error, and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var (
		e *Error
		k Kind
		t interface{ Timeout() bool }
	)
	switch {
	case errors.As(err, &e):
		return e.kind()
	case errors.As(err, &k):
		return k.known()
	case errors.Is(err, context.Canceled):
		return Canceled
	case errors.As(err, &t) && t.Timeout():
		return Timeout
	}
	return Internal
}

// known returns k, or Internal where k is none of the kinds.
func (k Kind) known() Kind {
	if _, ok := kindTexts[k]; ok {
		return k
	}
	return Internal
}
