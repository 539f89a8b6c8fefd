// Package fluxo is what a service written for Fluxo imports: error kinds, the
// time and the IDs of a request, the signed-in caller, secrets, pages.
//
// It is small on purpose. Most flows and steps need nothing of it but the error
// kinds:
//
//	//fluxo:get /weather/{zip}
//	func Weather(ctx context.Context, zip string) (Report, error) {
//		if len(zip) != 5 {
//			return Report{}, fluxo.Invalid.Errorf("a ZIP code has five digits, %q has %d", zip, len(zip))
//		}
//		…
//	}
//
// Everything here works the same in a plain go build, in a test and in a
// program built by fluxo build.
//
// # Errors
//
// A [Kind] says what went wrong in the few ways that a caller can act upon; it
// is an error itself, so errors.Is(err, fluxo.NotFound) is the test. An [Error]
// adds where it happened and why. Its JSON form keeps the kind, the text and
// everything it wraps, so that a call which crossed a process fails like a
// local one. [KindOf] classifies any error.
//
// # Time and IDs
//
// [Now] and [NewID] are the clock and the source of unique IDs to use in flows:
// unlike time.Now and a random number they are the request's own, and can
// be replayed.
//
// # People and secrets
//
// A [User] comes from the [Authenticate] function, never from what a request says
// of itself. A [Secret] can be read, but neither logged nor encoded.
package fluxo
