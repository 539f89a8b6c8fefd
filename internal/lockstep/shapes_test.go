package lockstep

import (
	"strings"
	"testing"

	"fluxo.dev/fluxo/internal/lockstep/gen"
)

// wantFlows is in how many of the flows that a test run has each shape is, at least. Each flow
// is drawn several times, and runs under eight workloads each time.
const wantFlows = 5

// Every shape that the generator knows is in flows that a test run has.
func TestEveryShapeIsGenerated(t *testing.T) {
	counts := map[string]int{}
	for _, p := range (Options{Packages: Packages, Flows: Flows, Seed: 1}).generate() {
		for _, f := range p.Flows {
			for _, s := range f.Shapes {
				counts[s]++
			}
		}
	}
	for _, s := range gen.Shapes() {
		t.Logf("%s: %d flows", s, counts[s])
		if counts[s] < wantFlows {
			t.Errorf("%d flows have the shape %q: too few", counts[s], s)
		}
	}
}

// A shape's name is counted only where its text is: an idiom that has no room for itself
// writes another one.
func TestShapesAreWhatTheySay(t *testing.T) {
	signs := map[string]string{
		"skipping loop": "++ {", "while loop": "for ", "error switch": "case ", "errors.As": "errors.As(",
		"joined errors": "errors.Join(", "fork": ".Wait()", "fork each": ".Wait()", "fork that acts": ".Wait()",
		"generic flow": "[T label](ctx", "method": "func (v *Svc)", "instances": "Tag(", "interface call": ".repo.", "deferred result": "defer func()",
	}
	for _, p := range (Options{Packages: 2, Flows: Flows, Seed: 1}).generate() {
		all := strings.Split(p.Files["flows.go"], "//fluxo:flow\n")[1:]
		for i, f := range p.Flows {
			for _, s := range f.Shapes {
				if sign := signs[s]; sign != "" && !strings.Contains(all[i], sign) {
					t.Errorf("%s.%s is said to have the shape %q, and has no %q:\n%s", p.Name, f.Name, s, sign, all[i])
				}
			}
		}
	}
}
