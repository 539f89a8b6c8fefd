package draw

// How large boxes are, from the text in them. There is no font at hand, so
// widths are those of a wide common font; a narrower one leaves air.

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"fluxo.dev/fluxo/graph"
)

type point struct{ x, y float64 }

// sized is what a box shows and how much room that takes.
type sized struct {
	w, h  float64
	lines []line
}

// A style is how a line of text looks.
type style uint8

const (
	titleText style = iota
	sourceText
	effectText
	failText
	noteText
)

// A line is one line of text in a box.
type line struct {
	style style
	text  string
}

// Widths of a character and heights of a line, in pixels, by style.
var (
	charWidth  = [...]float64{titleText: 8.3, sourceText: 6.7, effectText: 6.7, failText: 6.7, noteText: 6.1}
	lineHeight = [...]float64{titleText: 19, sourceText: 16, effectText: 16, failText: 17, noteText: 15}
)

const (
	padding   = 10.0
	longest   = 44 // characters of source shown; all of it is in the tooltip
	panelGap  = 16.0
	rowWidth  = 1200.0 // panels of a branch stand side by side up to here
	emptySize = 34.0
)

func (l line) width() float64 { return charWidth[l.style] * float64(utf8.RuneCountInString(l.text)) }

// size sets the sizes of the panel's boxes, then lays them out, innermost first.
func (p *panel) size() {
	for _, b := range p.boxes {
		for _, in := range b.panels {
			in.size()
		}
		b.size()
	}
	p.layout()
}

func (b *box) size() {
	b.lines = b.text()
	b.w, b.h = 60, padding
	for i, l := range b.lines {
		w := l.width() + 2*padding
		if i == 0 {
			w += charWidth[noteText] * float64(len(b.place())+2)
		}
		b.w, b.h = max(b.w, w), b.h+lineHeight[l.style]
	}
	b.h += padding
	if len(b.panels) > 0 {
		b.arrange()
	}
}

// arrange puts the panels side by side, in as many rows as they need.
func (b *box) arrange() {
	labels := 0.0
	if b.panels[0].label != "" {
		labels = lineHeight[noteText]
	}
	x, y, high := padding, b.h+labels, 0.0
	for _, p := range b.panels {
		if x > padding && x+p.w > rowWidth {
			x, y, high = padding, y+high+panelGap+labels, 0
		}
		p.at = point{x, y}
		x += p.w + panelGap
		high = max(high, p.h)
		b.w = max(b.w, x-panelGap+padding)
	}
	b.h = y + high + padding
	if len(b.panels) == 1 {
		b.panels[0].at.x = (b.w - b.panels[0].w) / 2
	}
}

// text is what stands in a box, line by line.
func (b *box) text() []line {
	if b.param != nil {
		return []line{{titleText, string(b.param.ID)}, {noteText, short(b.param.Type)}}
	}
	n := b.node
	var lines []line
	switch {
	case n.Kind == graph.Start:
		text := "begin " + rangeText(n)
		if n.Ahead > 0 {
			text += " for later iterations"
		}
		return []line{{titleText, text}}
	case n.Kind == graph.Glue || n.Kind == graph.ResultNode:
		lines = []line{{sourceText, short(sourceOf(n))}}
	case len(n.Blocks) > 0:
		lines = []line{{titleText, containerTitle(n)}}
		if n.Text != "" {
			lines = append(lines, line{sourceText, short(n.Text)})
		}
	default:
		lines = []line{{titleText, name(n.ID)}, {sourceText, short(sourceOf(n))}}
	}
	if len(b.carried) > 0 {
		lines = append(lines, line{noteText, "carries " + join(b.carried) + " to the next iteration"})
	}
	for _, e := range n.Effects {
		lines = append(lines, line{effectText, short(e.String())})
	}
	if f := n.Fork; f != nil {
		lines = append(lines, line{noteText, besideText(f)})
	}
	if n.Kind == graph.Glue && n.Exits != 0 {
		lines = append(lines, line{failText, "may " + strings.ReplaceAll(n.Exits.String(), ",", " or ")})
	}
	if b.fail != nil {
		lines = append(lines, line{failText, failureText(b.node, b.fail)})
	}
	return lines
}

func containerTitle(n *graph.Node) string {
	switch n.Kind {
	case graph.Stored:
		if n.Answer {
			return "stored, as it is answered"
		}
		if n.Refresh > 0 {
			return fmt.Sprintf("stored, renewed where likely (%d %%)", n.Refresh)
		}
		return "stored"
	case graph.Shared:
		return "shared with overlapping runs"
	case graph.Hedged:
		return fmt.Sprintf("hedged, a second try after %v", n.After)
	case graph.Each:
		return "each, iterations independent"
	case graph.Fold:
		if !strings.HasPrefix(name(n.ID), "fold") {
			return name(n.ID) + ", runs once" // no loop of the source: something that may be left in the middle
		}
		return "fold, iterations in order"
	}
	return name(n.ID)
}

// failureText says how the failure edge of a node leaves; where that is a condition, with
// what it does if it holds.
func failureText(of, n *graph.Node) string {
	exits := strings.ReplaceAll(n.Exits.String(), ",", " or ")
	if exits == "" {
		exits = "panic"
	}
	if strings.HasPrefix(name(of.ID), "glue.if") {
		return "then " + exits
	}
	return "on error " + exits
}

// sourceOf is the node's source, or its variables if it has none.
func sourceOf(n *graph.Node) string {
	if n.Text != "" {
		return n.Text
	}
	if n.Kind == graph.ResultNode {
		return "return " + join(n.In)
	}
	return join(n.Out) + " ← " + name(n.ID) + "(" + join(n.In) + ")"
}

func rangeText(n *graph.Node) string {
	if n.First == n.Last {
		return name(n.First)
	}
	return name(n.First) + " … " + name(n.Last)
}

func (b *box) place() string {
	if b.node == nil || b.node.Pos.Line == 0 {
		return ""
	}
	return b.node.Pos.String()
}

func join(ids []graph.VarID) string {
	var words []string
	for _, id := range ids {
		words = append(words, string(id))
	}
	return strings.Join(words, ", ")
}

func short(s string) string {
	if r := []rune(s); len(r) > longest {
		return string(r[:longest-1]) + "…"
	}
	return s
}

// besideText says which forked function a node is part of.
func besideText(f *graph.Fork) string {
	if f.Function == 0 {
		return "while " + f.Group + " runs"
	}
	text := fmt.Sprintf("function %d of %s", f.Function, f.Group)
	switch {
	case f.Rounds:
		text += ", a few iterations at a time"
	case f.Over != "":
		text += " in each iteration"
	}
	return text
}
