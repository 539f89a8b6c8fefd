package check

// Nodes, effects and lists in words.

import (
	"fmt"
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
)

// at names a node and where it stands: "UpdateStock (shop.go:41)".
func at(n *graph.Node) string {
	if n.Pos.File == "" {
		return string(n.ID)
	}
	return fmt.Sprintf("%s (%v)", n.ID, n.Pos)
}

// does says what an effect is, as a sentence about its node.
func does(e graph.Effect) string {
	switch e.Class {
	case graph.Pure:
		return "is pure"
	case graph.Reads:
		return "reads " + data(e.Data)
	case graph.Volatile:
		return "reads the outside world (volatile " + duration(e.For) + ")"
	case graph.LocalTo:
		return "uses a handle of the request"
	case graph.Writes:
		return "writes " + data(e.Data)
	case graph.Acts:
		return "has an effect on the outside world"
	case graph.Observes:
		return "makes an observation"
	}
	return "is opaque: nothing is known of it"
}

func data(keys []graph.DataKey) string {
	if len(keys) == 0 {
		return "data"
	}
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.String()
	}
	return strings.Join(names, ", ")
}

// duration writes 24h and not 24h0m0s.
func duration(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// region names a run of nodes as a plan does.
func region(nodes []*graph.Node) string {
	first, last := nodes[0].ID, nodes[len(nodes)-1].ID
	if first == last {
		return string(first)
	}
	return string(first) + ".." + string(last)
}

// list joins words: "a", "a and b", "a, b and c".
func list[T ~string](words []T) string {
	var b strings.Builder
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			b.WriteString(" and ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}

// giveKey is how the type of a variable gets a key and a copy. Which of the two is missing
// only the source shows.
func giveKey(v *graph.Var) string {
	return fmt.Sprintf("declare %s in the package if it is declared inside a generic function, else write a fluxo.Codec for it, or let the region neither take nor give it; fluxo vet says which", v.Type)
}
