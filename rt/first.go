package rt

// First is how a forked function of a flow ends: err becomes *to unless an
// earlier one, in the order of the source, has failed.
func First(to *error, err error, x Exit) Exit {
	if *to == nil {
		*to = err
	}
	return x
}
