package draw

// Colours, fonts and the legend.

import (
	"strings"

	"fluxo.dev/fluxo/graph"
)

const styleSheet = `
text{font-family:ui-sans-serif,system-ui,"DejaVu Sans",sans-serif;fill:#1c2430;font-size:12px}
.flow{font-size:16px;font-weight:600}
.title{font-size:13px;font-weight:600}
.source,.effect,.fail{font-family:ui-monospace,Menlo,"DejaVu Sans Mono",monospace;font-size:11px}
.source{fill:#3a4657}.effect{fill:#5b3d10}.fail{fill:#a8261c}
.note,.place,.name{font-size:10px;fill:#6b7686}
.place{text-anchor:end;fill:#97a1ae}
.name{fill:#33557f;font-size:11px;font-style:italic;paint-order:stroke;stroke:#fff;stroke-width:3px}
.panel{fill:#fff;fill-opacity:.75;stroke:#d9dee6}
path{fill:none}
.data{stroke:#7c93b2;stroke-width:1.4}
.order{stroke:#b4531f;stroke-width:1.3;stroke-dasharray:5 4}
.start{stroke:#1f8a4c;stroke-width:1.8;stroke-dasharray:1.5 3.5;stroke-linecap:round}
`

var (
	styleClass = [...]string{titleText: "title", sourceText: "source", effectText: "effect", failText: "fail", noteText: "note"}
	edgeClass  = [...]string{dataEdge: "data", orderEdge: "order", startEdge: "start"}
	edgeColour = [...]string{dataEdge: "#7c93b2", orderEdge: "#b4531f", startEdge: "#1f8a4c"}
)

// A look is how a box is drawn.
type look struct {
	fill, stroke, bar, dash string
	radius                  int
	says                    string // in the legend
}

// byClass are the looks of steps, by the class that binds them most.
var byClass = [graph.NumClasses]look{
	graph.Pure:     {fill: "#f3f6fa", stroke: "#a9b6c6", bar: "#8b9bb0", radius: 6, says: "pure"},
	graph.Reads:    {fill: "#eaf3ff", stroke: "#7fb0e8", bar: "#2f7fd6", radius: 6, says: "reads named data"},
	graph.Volatile: {fill: "#e6f7f4", stroke: "#74c3b4", bar: "#158f7c", radius: 6, says: "volatile"},
	graph.LocalTo:  {fill: "#f3edfc", stroke: "#b79be3", bar: "#7b4fc4", radius: 6, says: "local to the request"},
	graph.Writes:   {fill: "#fff3e2", stroke: "#eab568", bar: "#d68411", radius: 6, says: "writes named data"},
	graph.Acts:     {fill: "#ffece9", stroke: "#ec9c90", bar: "#cf3f2b", radius: 6, says: "effect on the world"},
	graph.Opaque:   {fill: "#e9e9ec", stroke: "#8f8f99", bar: "#3f3f4a", radius: 6, says: "opaque: nothing is known"},
	graph.Observes: {fill: "#fdfbe8", stroke: "#d9d08c", bar: "#b3a32f", radius: 6, says: "observes"},
}

// byKind are the looks of what is no step.
var byKind = map[graph.Kind]look{
	graph.Glue:       {fill: "#ffffff", stroke: "#c3cad4", radius: 4, says: "glue"},
	graph.Fail:       {fill: "#fff5f4", stroke: "#d98880", radius: 4, says: "failure edge"},
	graph.ResultNode: {fill: "#eef7ec", stroke: "#84b877", radius: 14, says: "result"},
	graph.Defer:      {fill: "#faf4ee", stroke: "#c9a888", bar: "#9a6b3f", radius: 6, says: "deferred call"},
	graph.Fresh:      {fill: "#fdeff6", stroke: "#e09abf", bar: "#c2498a", radius: 6, says: "fresh value"},
	graph.Branch:     {fill: "#f8f9fb", stroke: "#aeb7c4", radius: 8, says: "branch"},
	graph.Each:       {fill: "#f4f7fb", stroke: "#8fa5c2", radius: 8, says: "each"},
	graph.Fold:       {fill: "#f7f5f0", stroke: "#b8ab8c", radius: 8, says: "fold"},
	graph.Start:      {fill: "#e9f7ee", stroke: "#1f8a4c", radius: 12, says: "planned: begins early"},
	graph.Stored:     {fill: "#effaf2", stroke: "#1f8a4c", dash: ` stroke-width="2"`, radius: 10, says: "planned: stored"},
	graph.Shared:     {fill: "#effaf2", stroke: "#1f8a4c", dash: ` stroke-width="2" stroke-dasharray="7 4"`, radius: 10, says: "planned: shared"},
	graph.Hedged:     {fill: "#effaf2", stroke: "#1f8a4c", dash: ` stroke-width="2" stroke-dasharray="2 3"`, radius: 10, says: "planned: hedged"},
}

var paramLook = look{fill: "#ffffff", stroke: "#8392a5", radius: 14, says: "parameter"}

// severity orders classes by how much they bind a step.
var severity = [...]graph.Class{graph.Opaque, graph.Acts, graph.Writes, graph.Volatile, graph.Reads, graph.LocalTo, graph.Observes}

func lookOf(b *box) look {
	if b.node == nil {
		return paramLook
	}
	if k, ok := byKind[b.node.Kind]; ok {
		return k
	}
	for _, c := range severity {
		for _, e := range b.node.Effects {
			if e.Class == c {
				return byClass[c]
			}
		}
	}
	return byClass[graph.Pure]
}

// tooltip is all that is known of the box, without what is inside.
func (b *box) tooltip() string {
	if b.node == nil {
		return string(b.param.ID) + " " + b.param.Type
	}
	n := *b.node
	n.Blocks = nil
	g := graph.Graph{Body: &graph.Block{Nodes: []*graph.Node{&n}}}
	if b.fail != nil {
		g.Body.Nodes = append(g.Body.Nodes, b.fail)
	}
	_, body, _ := strings.Cut(g.String(), "body {\n")
	return strings.ReplaceAll(strings.TrimSuffix(body, "\n}\n"), "\t", "")
}

// A legend says what the looks in a drawing mean.
type legend struct {
	looks []look
	edges []edgeKind
}

var edgeSays = [...]string{dataEdge: "value", orderEdge: "order kept", startEdge: "begins early"}

// legend lists what occurs, each once, in the order of appearance.
func (s *scene) legend() legend {
	var key legend
	seen := map[string]bool{}
	kinds := map[edgeKind]bool{}
	var visit func(p *panel)
	visit = func(p *panel) {
		for _, b := range p.boxes {
			if l := lookOf(b); !seen[l.says] {
				seen[l.says] = true
				key.looks = append(key.looks, l)
			}
			for _, in := range b.panels {
				visit(in)
			}
		}
		for _, e := range p.edges {
			kinds[e.kind] = true
		}
	}
	visit(s.body)
	for k := range edgeKind(len(edgeSays)) {
		if kinds[k] {
			key.edges = append(key.edges, k)
		}
	}
	return key
}

const (
	entryWidth  = 172.0
	entryHeight = 20.0
	perRow      = 4
)

func (k legend) entries() int { return len(k.looks) + len(k.edges) }

func (k legend) width() float64 { return entryWidth * float64(min(k.entries(), perRow)) }

func (k legend) height() float64 {
	return entryHeight*float64((k.entries()+perRow-1)/perRow) + 10
}

func (k legend) draw(w *writer, at point) {
	place := func(i int) point {
		return point{at.x + entryWidth*float64(i%perRow), at.y + entryHeight*float64(i/perRow+1)}
	}
	for i, l := range k.looks {
		p := place(i)
		w.printf(`<rect x="%s" y="%s" width="22" height="12" rx="%d" fill="%s" stroke="%s"%s/>`, num(p.x), num(p.y-10), min(l.radius, 6), l.fill, l.stroke, l.dash)
		if l.bar != "" {
			w.printf(`<path d="M%s %sv10" stroke="%s" stroke-width="4"/>`, num(p.x+2), num(p.y-9), l.bar)
		}
		w.text("note", point{p.x + 29, p.y}, l.says)
	}
	for i, e := range k.edges {
		p := place(len(k.looks) + i)
		w.printf(`<path class="%s" d="M%s %sh22" marker-end="url(#%s)"/>`, edgeClass[e], num(p.x), num(p.y-4), edgeClass[e])
		w.text("note", point{p.x + 29, p.y}, edgeSays[e])
	}
	w.printf("\n")
}
