package draw

// The SVG writer: panels, boxes, edges, legend.

import (
	"encoding/xml"
	"fmt"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// SVG returns g as a picture: source order downwards, what may run together
// side by side, loops, branches and planned regions as boxes around what they
// hold. It needs no other file and no script.
func SVG(g *graph.Graph) string {
	s := newScene(g)
	s.body.size()
	w := &writer{}
	key := s.legend()
	width := max(s.body.w, line{titleText, string(g.Flow)}.width()+20, key.width()) + 2*margin
	height := s.body.h + margin + 44 + key.height() + margin
	w.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img">`, num(width), num(height), num(width), num(height))
	w.printf("<title>%s</title>\n<style>%s</style>\n", escape(string(g.Flow)), styleSheet)
	w.printf("<defs>")
	for k, colour := range edgeColour {
		w.printf(`<marker id="%s" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .5 8 4 0 7.5z" style="fill:%s"/></marker>`, edgeClass[k], colour)
	}
	w.printf("</defs>\n")
	w.printf(`<rect width="%s" height="%s" fill="#fff"/>`+"\n", num(width), num(height))
	w.printf(`<text class="flow" x="%s" y="34">%s</text>`+"\n", num(margin), escape(string(g.Flow)))
	w.panel(s.body, point{margin + (width-2*margin-s.body.w)/2, margin + 34})
	key.draw(w, point{margin, height - key.height() - margin/2})
	w.printf("</svg>\n")
	return w.b.String()
}

const margin = 24.0

type writer struct{ b strings.Builder }

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

func (w *writer) panel(p *panel, at point) {
	if p.up != nil && len(p.up.panels) > 1 {
		w.printf(`<rect class="panel" x="%s" y="%s" width="%s" height="%s" rx="6"/>`+"\n", num(at.x-6), num(at.y-6), num(p.w+12), num(p.h+12))
	}
	if len(p.boxes) == 0 {
		w.text("note", point{at.x + p.w/2 - 4, at.y + p.h/2 + 4}, "–")
	}
	for _, r := range p.routes {
		w.route(r, at)
	}
	for _, b := range p.boxes {
		w.box(b, point{at.x + b.at.x, at.y + b.at.y})
	}
	for _, r := range p.routes {
		if e := r.edge; r.shared == 0 && e.kind == dataEdge && e.from.param == nil {
			w.text("name", point{at.x + r.points[0].x + 5, at.y + r.points[0].y + 13}, string(e.name))
		}
	}
	if p.label != "" {
		w.text("note", point{at.x, at.y - 10}, p.label)
	}
}

func (w *writer) box(b *box, at point) {
	look := lookOf(b)
	w.printf(`<g><title>%s</title><rect x="%s" y="%s" width="%s" height="%s" rx="%d" fill="%s" stroke="%s"%s/>`,
		escape(b.tooltip()), num(at.x), num(at.y), num(b.w), num(b.h), look.radius, look.fill, look.stroke, look.dash)
	if look.bar != "" {
		w.printf(`<path d="M%s %sv%s" stroke="%s" stroke-width="5"/>`, num(at.x+2.5), num(at.y+5), num(b.h-10), look.bar)
	}
	y := at.y + padding
	for _, l := range b.lines {
		y += lineHeight[l.style]
		x := at.x + padding
		if look.bar != "" {
			x += 3
		}
		w.text(styleClass[l.style], point{x, y - 5}, l.text)
	}
	if place := b.place(); place != "" {
		w.printf(`<text class="place" x="%s" y="%s">%s</text>`, num(at.x+b.w-7), num(at.y+14), escape(place))
	}
	for _, p := range b.panels {
		w.panel(p, point{at.x + p.at.x, at.y + p.at.y})
	}
	w.printf("</g>\n")
}

// route draws the part of an edge that no route before it has drawn: bends
// between the rows, straight lines through them.
func (w *writer) route(r route, at point) {
	from := max(r.shared-1, 0)
	last := len(r.points) - 1
	p := func(i int) point { return point{at.x + r.points[i].x, at.y + r.points[i].y} }
	var d strings.Builder
	fmt.Fprintf(&d, "M%s %s", num(p(from).x), num(p(from).y))
	for i := from; i < last; i++ {
		a, b := p(i), p(i+1)
		if i%2 == 0 { // through a row
			fmt.Fprintf(&d, "V%s", num(b.y))
			continue
		}
		mid := (a.y + b.y) / 2
		fmt.Fprintf(&d, "C%s %s %s %s %s %s", num(a.x), num(mid), num(b.x), num(mid), num(b.x), num(b.y))
	}
	tip := r.edge.why
	if r.edge.kind == dataEdge {
		tip = string(r.edge.name)
	}
	class := edgeClass[r.edge.kind]
	w.printf(`<path class="%s" d="%s" marker-end="url(#%s)"><title>%s</title></path>`+"\n", class, d.String(), class, escape(tip))
}

func (w *writer) text(class string, at point, s string) {
	w.printf(`<text class="%s" x="%s" y="%s">%s</text>`, class, num(at.x), num(at.y), escape(s))
}

// num prints a length with at most one decimal.
func num(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0") }

// escape makes s text of an XML document; what XML cannot hold becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}
