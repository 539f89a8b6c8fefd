// Package request holds what belongs to one request as a whole and travels in
// its context: its ID, its time, where its new IDs come from.
package request

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"sync/atomic"
	"time"
)

// A Request is one request: from a client, a schedule, a test or a replay. It is
// not changed once its context exists.
type Request struct {
	Number uint64    // names the request within its process
	Now    time.Time // the one value of fluxo.Now; no monotonic part

	// NewID, if not nil, gives the next value of fluxo.NewID: a replay hands out the
	// recorded ones. It must be safe for concurrent use.
	NewID func() [16]byte

	// Parent is the header traceparent as it came; "" if there was none.
	Parent string

	// Caller is the name of the signed-in caller; "" if nobody is.
	Caller string
}

// process names this run of the program among all others.
var process = func() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}()

// AppendID appends the name of the request in logs and answers, which is unique.
func (r *Request) AppendID(b []byte) []byte {
	return strconv.AppendUint(append(append(b, process...), '-'), r.Number, 10)
}

// ID returns the name of the request in logs and answers.
func (r *Request) ID() string { return string(r.AppendID(nil)) }

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
