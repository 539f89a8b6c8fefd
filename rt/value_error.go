package rt

// Errors as values. Errors are never changed after they were made, so those
// that are kept are shared and not copied; which may be kept is for the engine to know.

// KeyError appends the key of an error that enters a region: only nil has one.
func KeyError(b []byte, err error) ([]byte, bool) { return append(b, tagNil), err == nil }

// SaveError keeps an error that leaves a region.
func SaveError(err error) (saved any, size int, ok bool) {
	if err == nil {
		return nil, 0, true
	}
	return err, errorSize + len(err.Error()), true
}

const errorSize = 128 // bytes of an error beside its text, about

// LoadError gives back what SaveError kept.
func LoadError(saved any) error {
	err, _ := saved.(error)
	return err
}
