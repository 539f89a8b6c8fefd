package plan

// Which decisions fit together: wrappers nest, and a start stands with its
// nodes.

import (
	"fmt"

	"fluxo.dev/fluxo/graph"
)

// A wrap is a region to be stored, shared or hedged.
type wrap struct {
	span
	verb Verb // Store, Coalesce, Hedge or Answer
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
//     different verbs (what keeps the answer stands around the others, stored
//     around shared, and both around hedged);
//   - the spans of two begins are disjoint, or one is a proper part of the other;
//   - a wrap, or the span of a begin, holds a begin and its span both or neither. A
//     begin at the very first node is inside if its own span is a proper part,
//     otherwise before it;
//   - a begin for later iterations stands in no wrap and no other span.
type layout struct {
	wraps  []wrap
	begins []begin
}

// holds reports whether b stands inside s.
func (s span) holds(b begin) bool {
	return s.first < b.at && b.at <= s.last ||
		s.first == b.at && s.contains(b.span) && s != b.span
}

// clash says why b cannot stand where it would with respect to s, which is kept,
// shared or begun as a whole; "" if it can.
func (s span) clash(b begin) string {
	part := s.contains(b.span) && s != b.span
	switch {
	case s.meets(b.span) && !s.contains(b.span) && !b.contains(s):
		return "has a part of it"
	case part && b.ahead > 0:
		return "holds it, and later iterations cannot begin from inside"
	case part && !s.holds(b):
		return "holds it, but not the place where it would begin"
	case !part && s.holds(b):
		return "holds the place where it would begin, but not the node itself"
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
			if c.span == b.span {
				return fmt.Sprintf("%s begins early by %q already", d.name(b.span), c.by.Decision), "name it in one of the two lines only"
			}
			if why := c.clash(b); why != "" {
				return clashText(c.by, c.span, b, why)
			}
			if why := b.clash(c); why != "" {
				return clashText(b.by, b.span, c, why)
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
