// Package request holds what belongs to one request as a whole and travels in
// its context: its ID, its time, where its new IDs come from.
package request

import (
	"context"
	"sync/atomic"
	"time"
)

// A Request is one request: from a client, a schedule, a test or a replay. It is
// not changed once its context exists.
type Request struct {
	ID  string    // names the request in logs; unique
	Now time.Time // the one value of fluxo.Now; no monotonic part

	// NewID, if not nil, gives the next value of fluxo.NewID: a replay hands out the
	// recorded ones. It must be safe for concurrent use.
	NewID func() [16]byte

	// Caller is the name of the signed-in caller; "" if nobody is.
	Caller string
}

type contextKey struct{}

// With returns a context of request r.
func With(ctx context.Context, r *Request) context.Context {
	return context.WithValue(ctx, contextKey{}, r)
}

// From returns the request that ctx belongs to, nil if it belongs to none.
func From(ctx context.Context) *Request {
	r, _ := ctx.Value(contextKey{}).(*Request)
	return r
}

// An Authenticator finds the caller's name in a request's header.
type Authenticator func(ctx context.Context, header map[string][]string) (caller string, err error)

var authenticator atomic.Pointer[Authenticator]

// SetAuthenticator names the program's authenticator; false if there is one.
func SetAuthenticator(f Authenticator) bool { return authenticator.CompareAndSwap(nil, &f) }

// ProgramAuthenticator returns the program's authenticator, nil if there is none.
func ProgramAuthenticator() Authenticator {
	if f := authenticator.Load(); f != nil {
		return *f
	}
	return nil
}
