package harness

// Cases: all that determines a live run, so that it can be done again, in part, and when
// the draws have changed.

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/lockstep/world"
	"fluxo.dev/fluxo/internal/plan"
)

// A Case is one live run.
type Case struct {
	Package  string
	Plans    map[string][]plan.Decision // by flow; one that is not here runs as written
	Requests []*world.Request
	Script   world.Script
	World    uint64          // seed of the interleaving
	Swaps    []time.Duration // when plans are taken out of force, for a while
}

// caseOf draws run number i of a seed, under the plans of d.
func (p *program) caseOf(d *draw, seed uint64, i int) Case {
	rnd := rand.New(rand.NewPCG(seed, 1<<40+uint64(i)))
	c := Case{Package: p.name, Plans: d.decisions, Script: world.Script{Seed: seed + uint64(i)}}
	if rnd.IntN(5) > 1 {
		c.Script.Trouble = 5 + rnd.IntN(25)
	}
	c.Requests = requests(rnd, d.flows)
	if rnd.IntN(5) == 0 {
		for range 1 + rnd.IntN(3) {
			c.Swaps = append(c.Swaps, time.Duration(rnd.IntN(9000))*time.Millisecond)
		}
	}
	c.World = rnd.Uint64()
	return c
}

// drawOf makes the plans of a case, as far as they are legal.
func (p *program) drawOf(c Case) *draw {
	d := newDraw()
	for name, decisions := range c.Plans {
		f := p.flows[name]
		if f == nil {
			continue
		}
		g, problems := plan.Apply(f.graph, decisions)
		if len(problems) == 0 && check.Check(f.graph, g, p.sole, check.DefaultRules()).OK() {
			d.put(p, f, name, p.own(f.graph, decisions), decisions)
		}
	}
	return d
}

// printCase writes the case of the first run.
func (h *harness) printCase(to io.Writer) error {
	programs, err := h.programs()
	if err != nil {
		return err
	}
	if len(programs) != 1 {
		return fmt.Errorf("-case needs the -package of the run")
	}
	p := programs[0]
	return json.NewEncoder(to).Encode(p.caseOf(p.draw(h.seed, h.first/workloads), h.seed, h.first))
}

// play does the runs of the cases in a file.
func (h *harness) play(file string, to io.Writer) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var cases []Case
	if err := json.Unmarshal(text, &cases); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	programs, err := h.programs()
	if err != nil {
		return err
	}
	enc := json.NewEncoder(to)
	for i, c := range cases {
		for _, p := range programs {
			if p.name != c.Package {
				continue
			}
			r := p.play(p.drawOf(c), c)
			r.Number = i
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
	}
	return nil
}
