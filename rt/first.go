package rt

// First is how a forked function of a flow ends: err becomes *to unless an
// earlier one, in the order of the source, has failed.
func First(to *error, err error, x Exit) Exit {
	if *to == nil {
		*to = err
	}
	return x
}

// FirstStops is [First] for a group with a context, which a failure ends.
func FirstStops(to *error, err error, stop func(), x Exit) Exit {
	if err != nil {
		stop()
	}
	return First(to, err, x)
}
