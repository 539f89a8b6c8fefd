// Package figure is the frame that published figures plug into: each is a
// function that prints lines of the form "name value unit".
package figure

import (
	"fmt"
	"io"
	"slices"
	"strconv"
)

// A Figure is a published number, or a family of them, and how to get it again.
type Figure struct {
	Name  string // every line it prints begins with it: "store.throughput"
	About string // one line: what is measured
	Run   func(*Report) error
}

// A Report prints what figures measure.
type Report struct {
	To     io.Writer
	Notes  io.Writer // remarks for people, not part of the figures
	Rounds int       // how often a timing is repeated; its median is printed
	Seed   uint64    // of everything drawn at random
}

// Line prints one figure.
func (r *Report) Line(name string, value float64, unit string) {
	fmt.Fprintf(r.To, "%s %s %s\n", name, strconv.FormatFloat(value, 'f', decimals(value), 64), unit)
}

// decimals gives about four significant digits, and never an exponent.
func decimals(v float64) int {
	switch v = max(v, -v); {
	case v == float64(int64(v)):
		return 0
	case v < 10:
		return 4
	case v < 1000:
		return 1
	}
	return 0
}

// Note prints a remark.
func (r *Report) Note(format string, args ...any) {
	fmt.Fprintf(r.Notes, "# "+format+"\n", args...)
}

// Ratio measures how many times b is a, both taken together in every round with
// the order changing, and prints the median; beside it name.noise, the median
// departure from 1 of the same ratio with a in both places.
func (r *Report) Ratio(name string, a, b func() float64) {
	var ratios, noise []float64
	for round := range r.Rounds {
		var x, y float64
		if round%2 == 0 {
			x, y = a(), b()
		} else {
			y, x = b(), a()
		}
		ratios = append(ratios, y/x)
		again := a()
		noise = append(noise, max(again/x-1, 1-again/x))
	}
	r.Line(name, Median(ratios), "ratio")
	r.Line(name+".noise", Median(noise), "ratio")
}

// Median returns the middle of the values, of which there is at least one.
func Median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
