package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// What knows neither variables nor media queries draws the figure as on a light page.
func TestPlainStyles(t *testing.T) {
	light, _, _ := strings.Cut(SVG(Figure{}), "@media")
	if strings.Contains(SVG(Figure{}), "var(") {
		t.Error("colours stand in variables")
	}
	for _, class := range []string{".back{fill:#", "text{fill:#", ".faint{fill:#", ".grid{stroke:#", ".c0{stroke:#", ".c1{stroke:#", ".d0{fill:#", ".d1{fill:#"} {
		if !strings.Contains(light, class) {
			t.Errorf("there is no %s", class)
		}
	}
}

// Whatever the values, an axis has a few round ticks, in order, within it; and places within 0 and 1.
func TestAxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		values := make([]float64, 1+rng.IntN(6))
		for i := range values {
			values[i] = math.Pow(10, 12*rng.Float64()-6)
			switch rng.IntN(10) {
			case 0:
				values[i] = 0
			case 1:
				values[i] = math.NaN()
			case 2:
				values[i] = values[0]
			}
		}
		a := newAxis(values, true)
		ticks := a.ticks()
		if len(ticks) < 1 || len(ticks) > 12 || !slices.IsSorted(ticks) {
			t.Fatalf("%v: ticks %v", values, ticks)
		}
		for _, v := range append(ticks, values...) {
			if at := a.at(v); !math.IsNaN(v) && (at < -1e-9 || at > 1+1e-9) {
				t.Fatalf("%v: %v is at %v", values, v, at)
			}
		}
	}
}

// Values of the horizontal axis stand in their order, and those that are no numbers behind, all apart.
func TestPlaces(t *testing.T) {
	for _, c := range []string{"1 3 10", "1 2 3 down", "down", "4096 1048576", "5", "0.3 1 3 10 down"} {
		var ticks []Tick
		for _, w := range strings.Fields(c) {
			tick := Tick{w, math.NaN()}
			if _, err := fmt.Sscan(w, &tick.Value); err != nil {
				tick.Value = math.NaN()
			}
			ticks = append(ticks, tick)
		}
		xs := places(ticks)
		for i, x := range xs {
			if x < 0 || x > 1 || i > 0 && x-xs[i-1] < 0.02 {
				t.Errorf("%s: %v", c, xs)
			}
		}
	}
}

// The drawing is XML, with a look for light and one for dark, and gaps where there is no value.
func TestSVG(t *testing.T) {
	line := Line{Name: "a < b", Colour: 1, Dashed: true}
	text := SVG(Figure{Title: "x & y", Legend: []Line{line}, Panels: []Panel{{
		Title: "time", X: []Tick{{"1", 1}, {"2", 2}, {"3", 3}, {"down", math.NaN()}}, Format: func(v float64) string { return fmt.Sprint(v) },
		Series: []Series{{line, []float64{1, math.NaN(), 3, 100}}, {Line{}, []float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()}}},
	}}})
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
	}
	for _, want := range []string{"prefers-color-scheme:dark", "a &lt; b", "x &amp; y", "curve c1 dashed"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "NaN") || strings.Count(text, "<circle") != 3 || strings.Count(text, `class="curve c0"`) != 0 {
		t.Errorf("what is not there is drawn:\n%s", text)
	}
}
