package draw

// The DOT writer, for Graphviz and what else reads its language.

import (
	"fmt"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// DOT returns g in the language of Graphviz: a cluster for each node with
// blocks, whose own condition or range stands in it as a node of its own.
func DOT(g *graph.Graph) string {
	w := &dotWriter{scene: newScene(g)}
	w.printf("digraph %s {\n", dotString(string(g.Flow)))
	w.printf("\tnode [shape=box style=\"rounded,filled\" fontname=\"Helvetica\" fontsize=11];\n")
	w.printf("\tgraph [fontname=\"Helvetica\" fontsize=11];\n")
	w.printf("\tedge [fontname=\"Helvetica\" fontsize=10 color=\"%s\"];\n", edgeColour[dataEdge])
	w.panel(w.scene.body, "\t")
	w.edges()
	w.printf("}\n")
	return w.b.String()
}

type dotWriter struct {
	writer
	scene    *scene
	clusters int
}

func (w *dotWriter) panel(p *panel, indent string) {
	for _, b := range p.boxes {
		if len(b.panels) == 0 {
			w.node(b, indent)
			continue
		}
		w.printf("%ssubgraph cluster_%d {\n", indent, w.clusters)
		w.printf("%s\tlabel=%s; color=\"%s\";\n", indent, dotString(b.text()[0].text), lookOf(b).stroke)
		w.clusters++
		w.node(b, indent+"\t")
		for _, in := range b.panels {
			w.panel(in, indent+"\t")
		}
		w.printf("%s}\n", indent)
	}
	for _, e := range p.edges {
		if e.kind != dataEdge {
			w.printf("%s%s -> %s [style=dashed color=\"%s\" tooltip=%s];\n", indent, dotID(e.from), dotID(e.to[0]), edgeColour[e.kind], dotString(e.why))
		}
	}
}

// edges writes the dataflow between the nodes themselves, however deep.
func (w *dotWriter) edges() {
	for _, e := range w.scene.dataflow() {
		from, to := w.scene.giver(e), w.scene.home[e.To]
		if !slices.Contains(w.scene.chain(from), to) { // not to a failure edge drawn around it
			w.printf("\t%s -> %s [label=%s];\n", dotID(from), dotID(to), dotString(string(e.Var)))
		}
	}
}

func (w *dotWriter) node(b *box, indent string) {
	var lines []string
	for _, l := range b.text() {
		lines = append(lines, l.text)
	}
	look := lookOf(b)
	w.printf("%s%s [label=%s fillcolor=\"%s\" color=\"%s\" tooltip=%s];\n",
		indent, dotID(b), dotString(strings.Join(lines, "\n")), look.fill, look.stroke, dotString(b.tooltip()))
}

func dotID(b *box) string {
	if b.node == nil {
		return dotString("param " + string(b.param.ID))
	}
	return dotString(string(b.node.ID))
}

// dotString quotes s: only quotes and backslashes are special, and a line's end
// is written out so that labels keep it.
func dotString(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	return fmt.Sprintf(`"%s"`, strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\x00", "\ufffd").Replace(s))
}
