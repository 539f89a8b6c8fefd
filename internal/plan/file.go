package plan

// A plan file in memory: its lines, in order, comments included.

import (
	"bytes"

	"fluxo.dev/fluxo/graph"
)

// FormatVersion is the version of the plan format that this package reads and
// writes.
const FormatVersion = 1

// A File is a plan file. The zero File is not valid; use [New] or [Parse].
type File struct {
	Name  string // for positions
	lines []line
}

// New returns a plan without decisions.
func New(name string) *File {
	return &File{Name: name, lines: []line{{kind: versionLine}}}
}

type lineKind uint8

const (
	emptyLine    lineKind = iota // nothing, or a comment alone
	versionLine                  // fluxo 1
	memoryLine                   // memory 64MiB
	goalLine                     // goal p99
	limitLine                    // limit p99 400ms
	openLine                     // flow NAME (
	decisionLine                 // a Decision
	closeLine                    // )
)

// A line is one line of a plan. Lines of a flow lie between its openLine and
// the closeLine after it.
type line struct {
	kind     lineKind
	memory   Bytes
	goal     Measure
	limit    Limit
	flow     graph.FlowName
	decision Decision
	comment  string // with its slashes; "" if none
	pos      Pos
}

// Memory returns the bound of all stored results together, and false if the
// plan names none.
func (f *File) Memory() (Bytes, bool) {
	for _, l := range f.lines {
		if l.kind == memoryLine {
			return l.memory, true
		}
	}
	return 0, false
}

// A Flow is the part of a plan about one flow.
type Flow struct {
	Name      graph.FlowName
	Pos       Pos
	Decisions []Decision // in the order of the file, whatever their marks
}

// Flows returns the flows that the plan names, in the order of the file.
func (f *File) Flows() []Flow {
	var flows []Flow
	for _, l := range f.lines {
		switch l.kind {
		case openLine:
			flows = append(flows, Flow{Name: l.flow, Pos: l.pos})
		case decisionLine:
			last := &flows[len(flows)-1]
			last.Decisions = append(last.Decisions, l.decision)
		}
	}
	return flows
}

// Decisions returns what the plan says about one flow.
func (f *File) Decisions(flow graph.FlowName) []Decision {
	for _, fl := range f.Flows() {
		if fl.Name == flow {
			return fl.Decisions
		}
	}
	return nil
}

// Format prints the file in its one canonical form: words apart by one space,
// the lines of a flow indented by a tab, at most one empty line in a row.
func (f *File) Format() []byte {
	var b bytes.Buffer
	inside, blank := false, true
	for i, l := range f.lines {
		text := l.text()
		if text == "" {
			if blank || f.endsBlank(i) {
				continue
			}
			blank = true
			b.WriteByte('\n')
			continue
		}
		if l.kind == closeLine {
			inside = false
		}
		if inside {
			b.WriteByte('\t')
		}
		b.WriteString(text)
		b.WriteByte('\n')
		blank = l.kind == openLine
		if l.kind == openLine {
			inside = true
		}
	}
	return b.Bytes()
}

// endsBlank reports whether only empty lines separate line i from a closing
// parenthesis or the end of the file.
func (f *File) endsBlank(i int) bool {
	for _, l := range f.lines[i:] {
		if l.text() != "" {
			return l.kind == closeLine
		}
	}
	return true
}

// text is the line in canonical form, without indentation.
func (l line) text() string {
	var s string
	switch l.kind {
	case versionLine:
		s = "fluxo 1"
	case memoryLine:
		s = "memory " + l.memory.String()
	case goalLine:
		s = "goal " + string(l.goal)
	case limitLine:
		s = l.limit.String()
	case openLine:
		s = "flow " + string(l.flow) + " ("
	case decisionLine:
		s = l.decision.String()
	case closeLine:
		s = ")"
	}
	if s != "" && l.comment != "" {
		s += " "
	}
	return s + l.comment
}
