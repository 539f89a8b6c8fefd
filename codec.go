package fluxo

// How values of types with unexported fields are compared and copied.

import "fluxo.dev/fluxo/internal/codec"

// Codec says how values of type T are compared and copied, for types with
// unexported fields that Fluxo must not guess about. Stored and shared results
// contain such values only if the type has a codec. Declare it once, beside the
// type or in the package that uses it:
//
//	var _ = fluxo.Codec(Money.MarshalText, func(b []byte) (m Money, err error) {
//		err = m.UnmarshalText(b)
//		return m, err
//	})
//
// encode must be canonical: equal values give equal bytes, different values
// different ones. decode must give back an equal value that shares no memory with
// the first. Both must be pure and safe for concurrent use. A value that encode
// refuses is neither stored nor shared. A second codec for one type panics.
func Codec[T any](encode func(T) ([]byte, error), decode func([]byte) (T, error)) Declared {
	codec.Register(encode, decode)
	return Declared{}
}

// Declared is what a declaration returns, so that it can stand in a var.
type Declared struct{}
