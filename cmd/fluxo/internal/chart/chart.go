package chart

// What is drawn.

import "math"

// A Figure is panels side by side, with one legend.
type Figure struct {
	Title  string
	Legend []Line // of all series, each look once
	Panels []Panel
}

// A Panel has its own measure, over the values of one supposition.
type Panel struct {
	Title  string
	X      []Tick
	Series []Series
	Format func(float64) string // of values of the measure
}

// A Tick is a value of the horizontal axis.
type Tick struct {
	Label string
	Value float64 // NaN where it is no number: it stands behind those that are
}

// A Series is one curve.
type Series struct {
	Line Line
	Y    []float64 // one for each tick; NaN where there is none
}

// A Line is how a curve looks.
type Line struct {
	Name   string
	Colour int  // 0 or 1
	Dashed bool // a second measure in the same colour
}

// An axis maps values to shares of its length.
type axis struct {
	low, high float64
	log       bool
}

// steep is from what ratio of its largest to its smallest value on an axis is logarithmic.
const steep = 12

// newAxis returns an axis for values, those that are no numbers left out. zero has it begin there if
// it is linear.
func newAxis(values []float64, zero bool) axis {
	a := axis{low: math.Inf(1), high: math.Inf(-1)}
	for _, v := range values {
		if !math.IsNaN(v) {
			a.low, a.high = min(a.low, v), max(a.high, v)
		}
	}
	switch {
	case a.low > a.high:
		return axis{low: 0, high: 1}
	case a.low > 0 && a.high/a.low >= steep:
		a.log = true
		if zero { // room for the ticks around
			a.low, a.high = below(a.low), above(a.high)
		}
		return a
	case zero:
		a.low = min(a.low, 0)
	}
	if a.low == a.high {
		a.high++
	}
	return a
}

// leading are what round values are, times a power of ten.
var leading = []float64{1, 2, 5}

// rounded lists the round values from low to high.
func rounded(low, high float64) (out []float64) {
	for e := math.Floor(math.Log10(low)); e <= math.Ceil(math.Log10(high)); e++ {
		for _, l := range leading {
			if v := l * math.Pow(10, e); v >= low*(1-1e-9) && v <= high*(1+1e-9) {
				out = append(out, v)
			}
		}
	}
	return out
}

// below and above return the nearest round value on that side of v.
func below(v float64) float64 { all := rounded(v/10, v); return all[len(all)-1] }
func above(v float64) float64 { return rounded(v, v*10)[0] }

// at returns the place of a value, from 0 to 1.
func (a axis) at(v float64) float64 {
	if a.log {
		return math.Log(v/a.low) / math.Log(a.high/a.low)
	}
	return (v - a.low) / (a.high - a.low)
}

// ticks returns round values on the axis, at most about a dozen.
func (a axis) ticks() (out []float64) {
	if !a.log {
		step := above((a.high - a.low) / 5)
		for v := math.Ceil(a.low/step) * step; v <= a.high*(1+1e-9); v += step {
			out = append(out, v)
		}
		return out
	}
	out = rounded(a.low, a.high)
	for every := len(leading); len(out) > 12; { // powers of ten are enough
		thin := out[:0]
		for i := 0; i < len(out); i += every {
			thin = append(thin, out[i])
		}
		out = thin
	}
	return out
}
