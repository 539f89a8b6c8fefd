package plan

// Which decisions fit together: wrappers nest, and a start stands with its
// nodes.

import (
	"fmt"

	"fluxo.dev/fluxo/graph"
)

// A wrap is a region to be stored or shared.
type wrap struct {
	span
	verb Verb // Store or Coalesce
	by   placed
}

// A begin is a start node to be added before the node at the index at, for
// the nodes of its span.
type begin struct {
	span
	at    int
	ahead int
	by    placed
}

// A layout is what is added to one block. Its invariants:
//
//   - two wraps are disjoint or one contains the other; those of one span have
//     different verbs (stored then stands around shared);
//   - the spans of two begins are disjoint, and none holds another begin;
//   - a wrap holds a begin and its span both or neither. A begin at the very first
//     node of a wrap is inside if its own span is a proper part of it, otherwise
//     before it;
//   - a begin for later iterations stands in no wrap.
type layout struct {
	wraps  []wrap
	begins []begin
}

// holds reports whether b stands inside the wrap.
func (w wrap) holds(b begin) bool {
	return w.first < b.at && b.at <= w.last ||
		w.first == b.at && w.contains(b.span) && w.span != b.span
}

// clash says why b cannot stand where it would with respect to the wrap; "" if
// it can.
func (w wrap) clash(b begin) string {
	part := w.contains(b.span) && w.span != b.span
	switch {
	case w.meets(b.span) && !w.contains(b.span) && !b.contains(w.span):
		return "has a part of it"
	case part && b.ahead > 0:
		return "holds it, and later iterations cannot begin from inside"
	case part && !w.holds(b):
		return "holds it, but not the place where it would begin"
	case !part && w.holds(b):
		return "holds the place where it would begin, but not the node itself"
	}
	return ""
}

// clash says why c cannot stand in one block with b; "" if it can.
func (b begin) clash(c begin) string {
	switch {
	case b.span == c.span:
		return "it does already"
	case b.meets(c.span):
		return "some of its nodes do already"
	case b.first < c.at && c.at <= b.last:
		return "one of the two would begin in the middle of what begins early"
	}
	return ""
}

// add puts a decision into the layout of its block, whole or not at all.
func (l *layout) add(d placed) (what, fix string) {
	if d.Verb == Parallel {
		return l.addBegins(d)
	}
	w := wrap{d.spans[0], d.Verb, d}
	for _, v := range l.wraps {
		if v.meets(w.span) && !v.contains(w.span) && !w.contains(v.span) {
			return fmt.Sprintf("%s and %s (%q) overlap", d.name(w.span), d.name(v.span), v.by.Decision),
				"name regions of which one contains the other, or that have no node in common"
		}
		if v.span == w.span && v.verb == w.verb {
			return fmt.Sprintf("%q is there already", v.by.Decision), "remove one of the two lines"
		}
	}
	for _, b := range l.begins {
		if why := w.clash(b); why != "" {
			return clashText(d, w.span, b, why)
		}
	}
	l.wraps = append(l.wraps, w)
	return "", ""
}

// addBegins lets each region but the first begin at the first one's place; with
// ahead all of them, at the top of the loop's body.
func (l *layout) addBegins(d placed) (what, fix string) {
	begins := d.begins()
	for _, b := range begins {
		for _, w := range l.wraps {
			if why := w.clash(b); why != "" {
				return clashText(w.by, w.span, b, why)
			}
		}
		for _, c := range l.begins {
			why := c.clash(b)
			if why == "" {
				why = b.clash(c)
			}
			if why != "" {
				return fmt.Sprintf("%s cannot begin early: %s by %q", d.name(b.span), why, c.by.Decision),
					"put all that begins early together into one line, or remove one of the two"
			}
		}
	}
	l.begins = append(l.begins, begins...)
	return "", ""
}

// begins lists the begins of a parallel decision.
func (d placed) begins() (begins []begin) {
	for i, s := range d.spans {
		switch {
		case d.Ahead > 0:
			begins = append(begins, begin{span: s, at: 0, ahead: d.Ahead, by: d})
		case i > 0:
			begins = append(begins, begin{span: s, at: d.spans[0].first, by: d})
		}
	}
	return begins
}

// clashText says that region s of decision outer stands in the way of b.
func clashText(outer placed, s span, b begin, why string) (what, fix string) {
	region := outer.name(s)
	return fmt.Sprintf("%s cannot begin early: region %s (%q) %s", b.by.name(b.span), region, outer.Decision, why),
		fmt.Sprintf("name all of %s in the line of parallel, or nodes of one side only", region)
}

// layouts holds a layout for each block that has one.
type layouts map[*graph.Block]*layout

func (ls layouts) of(b *graph.Block) *layout {
	l := ls[b]
	if l == nil {
		l = &layout{}
		ls[b] = l
	}
	return l
}
