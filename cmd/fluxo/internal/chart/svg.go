package chart

// The drawing.

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Sizes, in pixels.
const (
	panelWidth  = 380.0
	panelHeight = 230.0
	left        = 64.0 // of a panel, for its values
	gap         = 28.0
	top         = 74.0
	bottom      = 74.0
)

// styleSheet has no variables: not all that draws SVG knows them, and what it does not know is black.
const styleSheet = `
svg{font-family:system-ui,sans-serif;font-size:12px}
.back{fill:#fff}text{fill:#1f2933}.faint{fill:#66727f}.title{font-size:15px;font-weight:600}.head{font-weight:600}
.grid{stroke:#e3e8ee;stroke-width:1}.c0{stroke:#b4530a}.c1{stroke:#1a66c2}.curve{fill:none;stroke-width:2}.dashed{stroke-dasharray:5 4}
.d0{fill:#b4530a}.d1{fill:#1a66c2}
@media (prefers-color-scheme:dark){
.back{fill:#14181d}text{fill:#e6ebf0}.faint{fill:#9aa7b4}.grid{stroke:#2c343d}
.c0{stroke:#f0a35e}.c1{stroke:#7fb5f5}.d0{fill:#f0a35e}.d1{fill:#7fb5f5}
}
`

type writer struct{ strings.Builder }

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(w, format, args...) }

func (w *writer) text(class, anchor string, x, y float64, s string) {
	w.printf(`<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", class, x, y, anchor, html.EscapeString(s))
}

// SVG draws a figure.
func SVG(f Figure) string {
	w := &writer{}
	width := gap + float64(len(f.Panels))*(left+panelWidth+gap)
	height := top + panelHeight + bottom
	w.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img">`+"\n", width, height, width, height)
	w.printf("<title>%s</title>\n<style>%s</style>\n", html.EscapeString(f.Title), styleSheet)
	w.printf(`<rect class="back" width="%.0f" height="%.0f"/>`+"\n", width, height)
	w.text("title", "start", gap, 28, f.Title)
	for i, p := range f.Panels {
		w.panel(p, gap+float64(i)*(left+panelWidth+gap)+left)
	}
	w.legend(f.Legend, height-16)
	w.printf("</svg>\n")
	return w.String()
}

// legend names the looks of curves in a row.
func (w *writer) legend(lines []Line, y float64) {
	x := gap
	for _, l := range lines {
		w.printf(`<path class="curve%s" d="M%.1f %.1fh26"/>`+"\n", l.classes(), x, y-4)
		w.text("", "start", x+32, y, l.Name)
		x += 32 + 7*float64(len([]rune(l.Name))) + 24
	}
}

func (l Line) classes() string {
	if l.Dashed {
		return fmt.Sprintf(" c%d dashed", l.Colour)
	}
	return fmt.Sprintf(" c%d", l.Colour)
}

// panel draws one panel whose values begin at x.
func (w *writer) panel(p Panel, x float64) {
	var values []float64
	for _, s := range p.Series {
		values = append(values, s.Y...)
	}
	up := newAxis(values, true)
	place := func(v float64) float64 { return top + panelHeight*(1-up.at(v)) }
	w.text("head", "start", x, top-16, p.Title)
	for _, v := range up.ticks() {
		w.printf(`<path class="grid" d="M%.1f %.1fh%.0f"/>`+"\n", x, place(v), panelWidth)
		w.text("faint", "end", x-8, place(v)+4, p.Format(v))
	}
	xs := places(p.X)
	for i, t := range p.X {
		w.text("faint", "middle", x+xs[i]*panelWidth, top+panelHeight+18, t.Label)
	}
	for _, s := range p.Series {
		w.curve(s, func(i int) (float64, float64) { return x + xs[i]*panelWidth, place(s.Y[i]) })
	}
}

// curve draws a series, with a point for each value and gaps where there is none.
func (w *writer) curve(s Series, at func(i int) (x, y float64)) {
	var path strings.Builder
	pen := "M"
	for i, v := range s.Y {
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		x, y := at(i)
		fmt.Fprintf(&path, "%s%.1f %.1f", pen, x, y)
		pen = "L"
	}
	if path.Len() == 0 {
		return
	}
	w.printf(`<path class="curve%s" d="%s"/>`+"\n", s.Line.classes(), path.String())
	for i, v := range s.Y {
		if !math.IsNaN(v) {
			x, y := at(i)
			w.printf(`<circle class="d%d" cx="%.1f" cy="%.1f" r="3"/>`+"\n", s.Line.Colour, x, y)
		}
	}
}

// places spreads ticks over the width, from 0 to 1: by their values, and those that have none
// behind, a step apart.
func places(ticks []Tick) []float64 {
	var values []float64
	named := 0
	for _, t := range ticks {
		if math.IsNaN(t.Value) {
			named++
		} else {
			values = append(values, t.Value)
		}
	}
	const margin = 0.04
	step := 1 / float64(max(len(ticks), 2)-1)
	share := 1 - step*float64(named)
	a := newAxis(values, false)
	out := make([]float64, len(ticks))
	for i, t := range ticks {
		at := share * a.at(t.Value)
		if math.IsNaN(t.Value) {
			named--
			at = 1 - step*float64(named)
		}
		out[i] = margin + (1-2*margin)*at
	}
	return out
}
