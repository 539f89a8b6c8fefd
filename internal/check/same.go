package check

// Nothing was lost and nothing added: the planned graph without the nodes that
// a plan adds is the source graph, field by field.

import (
	"fmt"
	"reflect"

	"fluxo.dev/fluxo/graph"
)

// differences says where planned, its own nodes apart, is not source; at most
// one difference for each block.
func differences(source, planned *graph.Graph) []string {
	var found []string
	if source.Flow != planned.Flow {
		found = append(found, fmt.Sprintf("the plan is for flow %s", planned.Flow))
	}
	if !reflect.DeepEqual(source.Vars, planned.Vars) {
		found = append(found, "the variables differ")
	}
	return append(found, blockDifferences("the flow", source.Body, planned.Body)...)
}

// blockDifferences compares one block of the source with its planned form.
func blockDifferences(where string, source, planned *graph.Block) []string {
	nodes := unwrapped(planned)
	for i, s := range source.Nodes {
		if i == len(nodes) {
			return []string{fmt.Sprintf("in %s, %s is missing", where, at(s))}
		}
		if p := nodes[i]; !sameNode(s, p) {
			return []string{fmt.Sprintf("in %s, %s stands where the source has %s", where, at(p), at(s))}
		}
	}
	if len(nodes) > len(source.Nodes) {
		return []string{fmt.Sprintf("in %s, %s is not in the source", where, at(nodes[len(source.Nodes)]))}
	}
	var found []string
	for i, s := range source.Nodes {
		for k, b := range s.Blocks {
			found = append(found, blockDifferences(string(s.ID), b, nodes[i].Blocks[k])...)
		}
	}
	return found
}

// unwrapped lists the source's nodes of a planned block.
func unwrapped(b *graph.Block) []*graph.Node {
	var nodes []*graph.Node
	for _, n := range b.Nodes {
		switch n.Kind {
		case graph.Start:
		case graph.Stored, graph.Shared, graph.Hedged:
			for _, in := range n.Blocks {
				nodes = append(nodes, unwrapped(in)...)
			}
		default:
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// sameNode compares two nodes without what is in their blocks.
func sameNode(a, b *graph.Node) bool {
	if len(a.Blocks) != len(b.Blocks) {
		return false
	}
	x, y := *a, *b
	x.Blocks, y.Blocks = nil, nil
	return reflect.DeepEqual(x, y)
}
