package draw_test

// Drawings as files, and what every drawing must be.

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/draw"
	"fluxo.dev/fluxo/graph/graphtest"
)

func TestDrawings(t *testing.T) {
	graphtest.Golden(t, "testdata/*.txtar", func(t *testing.T, files map[string]string) map[string]string {
		g, err := graph.Parse(files["graph"])
		if err == nil {
			err = graph.Check(g)
		}
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{"dot": draw.DOT(g), "svg": draw.SVG(g)}
	})
}

// Every drawing is one XML document, with every node's source in it, and the
// same each time.
func TestEveryGraphCanBeDrawn(t *testing.T) {
	for seed := range uint64(120) {
		g := graphtest.Random(seed, 1+int(seed)%60)
		if seed%3 == 1 {
			g = graphtest.WithParts(g, seed)
		}
		if seed%2 == 1 {
			g = graphtest.Plan(g, seed)
		}
		text := draw.SVG(g)
		titles := parseSVG(t, text)
		for at := range g.Places() {
			if id := string(at.Node.ID); !strings.Contains(titles, at.Node.Kind.String()+" "+id+" ") && !strings.Contains(titles, at.Node.Kind.String()+" "+id+"\n") {
				t.Errorf("seed %d: %s is not in the drawing", seed, id)
			}
		}
		dot := draw.DOT(g)
		if draw.SVG(g) != text || draw.DOT(g) != dot {
			t.Errorf("seed %d: two drawings of one graph differ", seed)
		}
	}
}

// parseSVG reads the document to its end and returns the titles in it.
func parseSVG(t *testing.T, text string) (titles string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	inTitle := false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return titles
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		switch x := token.(type) {
		case xml.StartElement:
			inTitle = x.Name.Local == "title"
		case xml.CharData:
			if inTitle {
				titles += string(x) + "\n"
			}
		case xml.EndElement:
			inTitle = false
		}
	}
}

// Nothing in a graph gets out of its place in the document.
func TestTextIsEscaped(t *testing.T) {
	evil := `</title><script>alert("x")</script>&<'\` + "\x00\x01\n\xff"
	g := &graph.Graph{
		Flow: graph.FlowName(evil),
		Vars: []*graph.Var{{ID: graph.VarID(evil), Role: graph.Param, Type: evil}},
		Body: &graph.Block{Nodes: []*graph.Node{
			{ID: graph.NodeID(evil), Kind: graph.Step, Callee: evil, In: []graph.VarID{graph.VarID(evil)}, Text: evil,
				Pos: graph.Pos{File: evil, Line: 1}, Effects: []graph.Effect{{Class: graph.Reads, Hidden: evil}}},
		}},
	}
	svg := draw.SVG(g)
	parseSVG(t, svg)
	if strings.Contains(svg, "<script") {
		t.Error("a script got into the drawing")
	}
	for line := range strings.Lines(draw.DOT(g)) {
		quotes := strings.Count(strings.ReplaceAll(strings.ReplaceAll(line, `\\`, ``), `\"`, ``), `"`)
		if quotes%2 != 0 || strings.ContainsAny(line, "\x00") {
			t.Errorf("a string gets out of its quotes: %q", line)
		}
	}
}
