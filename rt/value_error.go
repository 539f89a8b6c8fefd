package rt

// Errors as values. Errors are never changed after they were made, so those
// that are kept are shared and not copied.

import "fluxo.dev/fluxo"

// KeyError appends the key of an error that enters a region: only nil has one.
func KeyError(b []byte, err error) ([]byte, bool) { return append(b, tagNil), err == nil }

// SaveError keeps an error that leaves a region: nil, or one of a kind that a
// step can list. Whether the step does is for the engine to know.
func SaveError(err error) (saved any, size int, ok bool) {
	switch fluxo.KindOf(err) {
	case "":
		return nil, 0, true
	case fluxo.Internal, fluxo.Canceled:
		return nil, 0, false
	}
	return err, errorSize + len(err.Error()), true
}

const errorSize = 128 // bytes of an error beside its text, about

// LoadError gives back what SaveError kept.
func LoadError(saved any) error {
	err, _ := saved.(error)
	return err
}
