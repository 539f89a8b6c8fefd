package core

import (
	"context"
	"errors"
	"fmt"
)

// A kind of fault has a name, a status, and a text for those that tell nothing more.
type kind struct {
	name, text string
	status     int
}

var (
	internal    = &kind{"Internal", "internal error", 500}
	invalid     = &kind{"Invalid", "invalid request", 400}
	notFound    = &kind{"NotFound", "not found", 404}
	canceled    = &kind{"Canceled", "canceled", 499}
	unavailable = &kind{"Unavailable", "temporarily unavailable", 503}
	timeout     = &kind{"Timeout", "no result in time", 504}
)

// A fault is an error with a kind. What its text says is told to clients if the status is below 500.
type fault struct {
	kind *kind
	text string
}

func (f *fault) Error() string { return f.text }

func (k *kind) errorf(format string, args ...any) *fault {
	return &fault{k, fmt.Sprintf(format, args...)}
}

// faultOf makes a fault of any error.
func faultOf(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	return &fault{kindOf(err, internal), err.Error()}
}

// kindOf is the kind of an error that is not a fault.
func kindOf(err error, otherwise *kind) *kind {
	var late interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled):
		return canceled
	case errors.As(err, &late) && late.Timeout():
		return timeout
	}
	return otherwise
}

// passes says whether a fault may be gone when one asks again.
func (f *fault) passes() bool { return f.kind == unavailable || f.kind == timeout }

// Unavailable is how a [Fetcher] says that a provider does not work just now.
func Unavailable(err error) error { return &fault{kindOf(err, unavailable), err.Error()} }
