package draw

// From a graph to boxes: a panel for each block, a box for each node in it, and
// the edges between boxes of one panel. Both drawings start from here.

import (
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// A box stands for one node (with its failure edge), or for a parameter.
type box struct {
	node    *graph.Node // nil for a parameter
	fail    *graph.Node // the failure edge drawn on it, or nil
	param   *graph.Var
	panels  []*panel          // of its blocks
	carried []graph.VarID     // of a loop: what an iteration hands to the next
	exits   graph.Exits       // how the node or what is inside may leave its block
	sized                     // see size.go
	at      point             // upper left corner, in the panel
	ports   map[*edge]float64 // where edges leave, from the box's left side
}

// A panel is one block: boxes in source order, parameters first.
type panel struct {
	boxes  []*box
	edges  []*edge
	label  string
	up     *box // the box around it; nil for the body
	w, h   float64
	at     point // in the box around it
	routes []route
}

type edgeKind uint8

const (
	dataEdge edgeKind = iota
	orderEdge
	startEdge
)

// An edge goes from a box to boxes after it in the same panel. Data edges have
// one for each variable, with all that read it.
type edge struct {
	kind edgeKind
	from *box
	to   []*box
	name graph.VarID
	why  string
}

// A scene is a graph as boxes.
type scene struct {
	g      *graph.Graph
	body   *panel
	home   map[graph.NodeID]*box
	in     map[*box]*panel
	starts []started
}

func newScene(g *graph.Graph) *scene {
	s := &scene{g: g, home: map[graph.NodeID]*box{}, in: map[*box]*panel{}}
	s.body = &panel{}
	for _, v := range g.Vars {
		if v.Role == graph.Param && v.Of == "" {
			s.add(s.body, &box{param: v})
		}
	}
	s.fill(s.body, g.Body)
	s.findStarts()
	s.dataEdges()
	s.orderEdges(s.body, g.Body)
	return s
}

func (s *scene) add(p *panel, b *box) {
	p.boxes = append(p.boxes, b)
	s.in[b] = p
}

func (s *scene) fill(p *panel, b *graph.Block) {
	for i, n := range b.Nodes {
		if last := len(p.boxes) - 1; i > 0 && n.Kind == graph.Fail && b.Nodes[i-1].Kind != graph.Start && p.boxes[last].node == b.Nodes[i-1] {
			p.boxes[last].fail = n // the edge of the step before is drawn on it
			s.home[n.ID] = p.boxes[last]
			continue
		}
		x := &box{node: n}
		x.exits, _ = graph.ExitsOf(n)
		s.add(p, x)
		s.home[n.ID] = x
		for j, in := range n.Blocks {
			q := &panel{up: x, label: blockLabel(n, j)}
			s.fill(q, in)
			x.panels = append(x.panels, q)
		}
	}
}

// blockLabel names a block of a branch.
func blockLabel(n *graph.Node, i int) string {
	switch {
	case n.Kind != graph.Branch || len(n.Blocks) == 1:
		return ""
	case n.Total && i == len(n.Blocks)-1:
		return "else"
	case i == 0:
		return "then"
	}
	return "or"
}

// chain lists the boxes around b, itself included, outermost first.
func (s *scene) chain(b *box) (boxes []*box) {
	for ; b != nil; b = s.in[b].up {
		boxes = append(boxes, b)
	}
	slices.Reverse(boxes)
	return boxes
}

// dataflow lists the edges that are drawn: contexts go everywhere and are left out, and
// whoever gives a part gives the whole, so that one edge does for both.
func (s *scene) dataflow() (edges []graph.Edge) {
	for _, e := range graph.Edges(s.g) {
		v := s.g.Var(e.Var)
		if v != nil && v.Of != "" {
			e.Var, v = v.Of, s.g.Var(v.Of)
		}
		if v == nil || v.Kind == graph.Context || slices.Contains(edges, e) {
			continue
		}
		edges = append(edges, e)
	}
	return edges
}

// dataEdges lifts each dataflow edge to the boxes of the innermost panel that
// holds both ends; one that enters what begins early, to its start.
func (s *scene) dataEdges() {
	for _, e := range s.dataflow() {
		from, to := s.giver(e), s.home[e.To]
		if x := s.startOf(e); x != nil && s.isBefore(from, x) {
			to = x // which takes what it reads along
		}
		s.connect(from, to, e.Var)
	}
}

// giver is the box that an edge comes from: of a node, or of a parameter.
func (s *scene) giver(e graph.Edge) *box {
	if e.From != "" {
		return s.home[e.From]
	}
	return s.body.boxes[slices.IndexFunc(s.body.boxes, func(b *box) bool { return b.param != nil && b.param.ID == e.Var })]
}

func (s *scene) connect(from, to *box, name graph.VarID) {
	p, a, b := s.siblings(from, to)
	if p == nil {
		if from == to && from.node.Kind.IsLoop() {
			from.carry(name)
		}
		return
	}
	if slices.Index(p.boxes, a) > slices.Index(p.boxes, b) {
		s.carried(p, name)
		return
	}
	p.edge(a, b, name)
}

// siblings returns the innermost panel that holds both a and b, and the boxes in it that
// they stand in; no panel if one is around the other.
func (s *scene) siblings(a, b *box) (p *panel, x, y *box) {
	as, bs := s.chain(a), s.chain(b)
	i := 0
	for i < len(as) && i < len(bs) && as[i] == bs[i] {
		i++
	}
	if i == len(as) || i == len(bs) {
		return nil, nil, nil
	}
	return s.in[as[i]], as[i], bs[i]
}

// carried notes a value that goes back to an earlier node: by the next
// iteration of the loop around p.
func (s *scene) carried(p *panel, name graph.VarID) {
	for b := p.up; b != nil; b = s.in[b].up {
		if b.node.Kind.IsLoop() {
			b.carry(name)
			return
		}
	}
}

func (b *box) carry(name graph.VarID) {
	if !slices.Contains(b.carried, name) {
		b.carried = append(b.carried, name)
	}
}

func (p *panel) edge(from, to *box, name graph.VarID) {
	for _, e := range p.edges {
		if e.kind == dataEdge && e.from == from && e.name == name {
			if !slices.Contains(e.to, to) {
				e.to = append(e.to, to)
			}
			return
		}
	}
	p.edges = append(p.edges, &edge{from: from, to: []*box{to}, name: name})
}

// orderEdges adds the order that is not dataflow, and the starts, in p and all
// panels inside.
func (s *scene) orderEdges(p *panel, b *graph.Block) {
	for _, o := range graph.Orders(s.g, b) {
		from, to := s.home[o.A.ID], s.home[o.B.ID]
		if from != to && !p.joined(from, to) {
			why := string(o.A.ID) + " stays before " + string(o.B.ID) + ": " + o.Why.String()
			p.edges = append(p.edges, &edge{kind: orderEdge, from: from, to: []*box{to}, why: why})
		}
	}
	for _, x := range p.boxes {
		if x.node == nil {
			continue
		}
		if to := s.home[x.node.First]; x.node.Kind == graph.Start && to != nil && s.in[to] == p {
			p.edges = append(p.edges, &edge{kind: startEdge, from: x, to: []*box{to}, why: "begins early"})
		}
		for i, in := range x.node.Blocks {
			s.orderEdges(x.panels[i], in)
		}
	}
}

func (p *panel) joined(from, to *box) bool {
	return slices.ContainsFunc(p.edges, func(e *edge) bool { return e.from == from && slices.Contains(e.to, to) })
}

// name is a node's ID without its path.
func name(id graph.NodeID) string {
	return string(id[strings.LastIndex(string(id), "/")+1:])
}
