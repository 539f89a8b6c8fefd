// Package draw shows a graph to people: as SVG, laid out here so that nothing
// need be installed, and as DOT for those who have Graphviz.
//
// A drawing is made in steps, each in a file: [graph.Graph] to boxes and edges
// (scene.go), sizes (size.go), rows (layers.go), places and lines (place.go),
// and the picture (svg.go, look.go).
package draw
