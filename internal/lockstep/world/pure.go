package world

// Pure functions: they take their time and look at their arguments when it is
// over, so that an edit which comes too early shows.

import "fmt"

// trouble is how many of a hundred things that a pure function may be asked are
// too much for it.
const trouble = 12

// Compute is a pure function that fails for some arguments.
func Compute(k int, s string) (int, error) {
	present.slow()
	if present.odd(fmt.Sprint("compute", k, len(s))) < trouble {
		present.failed()
		return 0, ErrDown
	}
	return (k*3 + len(s)) % 5, nil
}

// MayPanic is a pure function that panics for some arguments.
func MayPanic(k int) int {
	present.slow()
	if present.odd(fmt.Sprint("panic", k)) < trouble {
		panic(fmt.Sprint("cannot do ", k))
	}
	return (k + 1) % 4
}

// Slow is a pure function that takes its time.
func Slow(k int) int {
	present.slow()
	return k
}

// Show is a pure function of a value with memory of its own.
func Show(r Rec) string {
	present.slow()
	return fmt.Sprint(r)
}

// Text is a pure function that tells -0 from 0.
func Text(x float64) string {
	present.slow()
	return fmt.Sprint(x)
}

// Kind is a pure function that tells a nil list from an empty one.
func Kind(ks []int) string {
	present.slow()
	return fmt.Sprint(ks == nil, len(ks))
}

// Sum is a pure function of a list in which the order counts.
func Sum(ks []int) int {
	present.slow()
	sum := 0
	for i, k := range ks {
		sum += (i + 1) * k
	}
	return sum
}
