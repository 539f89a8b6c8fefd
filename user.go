package fluxo

// Who is calling.

import (
	"context"
	"errors"

	"fluxo.dev/fluxo/internal/request"
)

// A User is the signed-in caller of a flow. A flow that has a parameter of this
// type is only run for a caller whom the service's [Authenticate] function
// recognised; for all others the answer is Unauthenticated.
//
// A User never comes from the request's own words: it refuses to be decoded, so
// that a JSON body with a field of this type is an error and no hole.
type User struct {
	ID string // names the person for ever; never empty
}

// UnmarshalText refuses.
func (*User) UnmarshalText([]byte) error { return errUserWords }

// UnmarshalJSON refuses.
func (*User) UnmarshalJSON([]byte) error { return errUserWords }

var errUserWords = errors.New("the signed-in caller is never taken from a request's own words: use a parameter of type fluxo.User")

// An Authenticator finds out who sent a request from its header: by a cookie's
// session, a token. Return Unauthenticated (or an error of another kind) if the header
// does not prove who it is. It is called for requests to flows that take a
// [User], under the request's deadline. The header must not be changed.
type Authenticator func(ctx context.Context, header map[string][]string) (User, error)

// Authenticate names the function that recognises callers, for the whole program. Call
// it once, in an init function; a second call panics.
func Authenticate(f Authenticator) {
	if f == nil {
		panic("fluxo.Authenticate: the function is nil")
	}
	first := request.SetAuthenticator(func(ctx context.Context, header map[string][]string) (string, error) {
		user, err := f(ctx, header)
		if err == nil && user.ID == "" {
			err = Unauthenticated
		}
		return user.ID, err
	})
	if !first {
		panic("fluxo.Authenticate: called twice; one function recognises the callers of a program")
	}
}

// SignedIn returns the caller of the request that ctx belongs to, false if
// nobody is signed in or the flow takes no User. In a flow a parameter of type
// User is the better way: Fluxo sees it.
func SignedIn(ctx context.Context) (User, bool) {
	if r := request.From(ctx); r != nil && r.Caller != "" {
		return User{ID: r.Caller}, true
	}
	return User{}, false
}
