package draw

// Geometry that every layout must have.

import (
	"testing"

	"fluxo.dev/fluxo/graph/graphtest"
)

func TestLayout(t *testing.T) {
	for seed := range uint64(120) {
		g := graphtest.Random(seed, 1+int(seed)%60)
		if seed%2 == 1 {
			g = graphtest.Plan(g, seed)
		}
		s := newScene(g)
		s.body.size()
		checkPanel(t, s.body)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// checkPanel: boxes lie in the panel and apart from each other, panels lie in
// their boxes and apart from each other, edges lead downwards.
func checkPanel(t *testing.T, p *panel) {
	for i, b := range p.boxes {
		if b.at.x < 0 || b.at.y < 0 || b.at.x+b.w > p.w+1 || b.at.y+b.h > p.h+1 {
			t.Errorf("box %s at %v leaves its panel", dotID(b), b.at)
		}
		for _, c := range p.boxes[:i] {
			if overlap(b.at, b.w, b.h, c.at, c.w, c.h) {
				t.Errorf("boxes %s and %s overlap", dotID(b), dotID(c))
			}
		}
		for j, in := range b.panels {
			if in.at.x < 0 || in.at.y < 0 || in.at.x+in.w > b.w || in.at.y+in.h > b.h {
				t.Errorf("panel %d leaves box %s", j, dotID(b))
			}
			for _, other := range b.panels[:j] {
				if overlap(in.at, in.w, in.h, other.at, other.w, other.h) {
					t.Errorf("panels of %s overlap", dotID(b))
				}
			}
			checkPanel(t, in)
		}
	}
	for _, r := range p.routes {
		for i := range r.points[1:] {
			if r.points[i+1].y < r.points[i].y {
				t.Errorf("edge %s from %s leads upwards", r.edge.name, dotID(r.edge.from))
			}
		}
		checkRoute(t, p, r)
	}
}

// checkRoute: an edge goes through no box on its way.
func checkRoute(t *testing.T, p *panel, r route) {
	for i := 0; i+1 < len(r.points); i += 2 {
		for _, b := range p.boxes {
			a, c := r.points[i], r.points[i+1]
			if b != r.edge.from && a.x > b.at.x && a.x < b.at.x+b.w && a.y < b.at.y+b.h && c.y > b.at.y {
				t.Errorf("edge %s from %s goes through %s", r.edge.name, dotID(r.edge.from), dotID(b))
			}
		}
	}
}

func overlap(a point, aw, ah float64, b point, bw, bh float64) bool {
	return a.x < b.x+bw && b.x < a.x+aw && a.y < b.y+bh && b.y < a.y+ah
}
