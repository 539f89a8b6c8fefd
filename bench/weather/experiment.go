package weather

// The one run that all figures of the weather service come from.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"example.com/weather/traces"
	"example.com/weather/zips"
	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/internal/profile"
)

// asWritten is the plan under which nothing is planned.
const asWritten = "fluxo 1\n"

// An experiment is what one run came to.
type experiment struct {
	programs
	report    *figure.Report
	urls      []string
	studies   []*study
	templates *profile.Trace     // what is asked for in every town
	results   map[string]*result // by the arm's name: "epa/planned"
	lines     []line             // that were measured while it was conducted
	failed    error              // of load tests, which nothing else depends on
}

// A study is a day, and what is made of its first half.
type study struct {
	*day
	lanes     [][]slice // each is lived through by itself
	half      int       // requests that are planned on
	costs     *profile.Trace
	waited    []time.Duration // how much longer requests as written took for their clients than in the flow
	kept      []time.Duration // how long clients waited for answers that were kept
	plan      string
	drawn     []string // other plans
	predicted map[string]*result
}

// programs are what is run.
type programs struct{ dir, service, expert, providers string }

// build compiles them into dir.
func build(dir string) (p programs, err error) {
	root, err := command.Root()
	if err != nil {
		return p, err
	}
	p = programs{dir, filepath.Join(dir, "service"), filepath.Join(dir, "expert"), filepath.Join(dir, "providers")}
	return p, errors.Join(
		buildService(filepath.Join(root, "examples", "weather"), dir, p.service),
		command.Build("go", filepath.Join(root, "examples", "weather", "providers"), p.providers),
		command.Build("go", filepath.Join(root, "bench", "weather", "expert"), p.expert))
}

// buildService compiles the service of the example, with a board of cities that is looked at once.
func buildService(example, dir, out string) error {
	overlay, err := quietBoard(example, dir)
	if err != nil {
		return err
	}
	fluxo, err := command.Fluxo()
	if err != nil {
		return err
	}
	_, err = command.Output(command.In(example, fluxo, "build", "-overlay="+overlay, "-o", out, "."))
	return err
}

// Whatever the service's clock says, its board of cities is renewed every ten minutes of the machine's time: 24 calls of providers, as many as
// five requests make, in some slices of some services, which no request asked for. The expert's service has no board.
const (
	tenMinutes = "//fluxo:every 10m\n"
	once       = "//fluxo:every 1000h\n" // when the service starts
)

// quietBoard writes the overlay with which the board is renewed only when the service starts, and returns its name.
func quietBoard(example, dir string) (overlay string, err error) {
	source, changed, overlay := filepath.Join(example, "country.go"), filepath.Join(dir, "country.go"), filepath.Join(dir, "overlay.json")
	text, err := os.ReadFile(source)
	if err != nil {
		return "", err
	}
	if strings.Count(string(text), tenMinutes) != 1 {
		return "", fmt.Errorf("%s has not one line %q", source, tenMinutes)
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {source: changed}})
	if err != nil {
		return "", err
	}
	return overlay, errors.Join(
		os.WriteFile(changed, []byte(strings.Replace(string(text), tenMinutes, once, 1)), 0o666),
		os.WriteFile(overlay, list, 0o666))
}

// urls are the paths that ask for the most popular towns.
func urls(towns int) ([]string, error) {
	known, _, err := zips.Load(os.Getenv("FLUXO_DATA"))
	if err != nil {
		return nil, err
	}
	ranked := traces.Ranked(known)
	out := make([]string, min(towns, len(ranked)))
	for i := range out {
		out[i] = traces.Path(ranked[i])
	}
	return out, nil
}

// dimensions of the experiment
const (
	slicesEach = 6 // of a lane
	costTime   = time.Minute
	costRate   = 20 // requests a second of each day whose times are recorded,
	costArms   = 8  // by so many services: one that is asked seldom takes longer for each
	plansDrawn = 10
	stagger    = time.Second / 4 // over which arms begin what they live through
)

// lanes are how many times slicesEach slices of a day are lived through: more where there are few requests.
var lanes = map[string]int{"epa": 2, "busy": 1, "erddap": 2, "web07": 1, "ormbusy": 1}

// slower are the other latencies of providers that figures are given for, over those of their profiles.
var slower = []float64{0.3, 3}

// shared is the experiment of this process: all figures come from it.
var shared struct {
	sync.Once
	*experiment
	err error
}

// theExperiment lives through the experiment, or returns what it came to.
func theExperiment(r *figure.Report) (*experiment, error) {
	shared.Do(func() {
		dir, done, err := stateDir()
		if err != nil {
			shared.err = err
			return
		}
		defer done()
		shared.experiment, shared.err = conduct(context.Background(), r, dir)
	})
	return shared.experiment, shared.err
}

// conduct lives through the experiment.
func conduct(ctx context.Context, r *figure.Report, dir string) (*experiment, error) {
	x := &experiment{report: r}
	var err error
	if x.programs, err = build(dir); err != nil {
		return nil, err
	}
	towns := 0
	for _, name := range []string{"epa", "busy", "erddap", "web07", "ormbusy"} {
		d, err := theDay(name, r.Seed)
		if err != nil {
			return nil, err
		}
		s := &study{day: d}
		for lane := range lanes[name] {
			var in []slice
			in, s.half = d.slices(slicesEach, r.Seed+uint64(lane))
			s.lanes = append(s.lanes, in)
		}
		x.studies = append(x.studies, s)
		towns = max(towns, d.towns)
	}
	if x.urls, err = urls(towns); err != nil {
		return nil, err
	}
	if err := x.prepare(ctx); err != nil {
		return nil, err
	}
	arms := x.arms()
	alive, stop, err := x.start(arms)
	if err != nil {
		return nil, err
	}
	defer stop()
	if err := x.rehearse(ctx, alive); err != nil {
		return nil, err
	}
	r.Note("%d services, each beside providers of its own, live through %d slices of %v each", len(arms), slicesEach, sliceTime)
	if x.results, err = live(ctx, alive, r.Note); err != nil {
		return nil, err
	}
	x.failed = x.loadTests(alive)
	return x, nil
}

// start begins arms.
func (x *experiment) start(arms []*arm) (alive []*aliveArm, stop func(), err error) {
	stop = func() {
		for _, l := range alive {
			l.stop()
		}
	}
	for i, a := range arms {
		l, err := a.start(x.providers, x.dir)
		if err != nil {
			stop()
			return nil, nil, fmt.Errorf("%s: %w", a.name, err)
		}
		l.late = stagger * time.Duration(i) / time.Duration(len(arms))
		alive = append(alive, l)
	}
	return alive, stop, nil
}

// arms lists all that are compared.
func (x *experiment) arms() (out []*arm) {
	add := func(s *study, what, program, plan string, latency float64, seed uint64, args ...string) {
		lanes := s.lanes
		if latency != 1 || strings.HasPrefix(what, "drawn") {
			lanes = lanes[:1]
		}
		for lane, in := range lanes {
			out = append(out, &arm{name: s.name + "/" + what, lane: lane, program: program, args: args, plan: plan, latency: latency, seed: seed,
				day: s.day, slices: in, urls: x.urls, forgets: plan == asWritten})
		}
	}
	for _, s := range x.studies {
		add(s, "naive", x.service, asWritten, 1, 1)
		add(s, "planned", x.service, s.plan, 1, 1)
		if s.name != "busy" {
			add(s, "planned again", x.service, s.plan, 1, 2)
		}
		if s.name == "epa" {
			add(s, "expert", x.expert, "", 1, 1)
			add(s, "expert again", x.expert, "", 1, 2)
			add(s, "expert without survey", x.expert, "", 1, 1, "-survey=false")
			for _, f := range slower {
				add(s, "naive"+suffix(f), x.service, asWritten, f, 1)
				add(s, "planned"+suffix(f), x.service, s.plan, f, 1)
				add(s, "expert"+suffix(f), x.expert, "", f, 1)
			}
		}
		for i, plan := range s.drawn {
			add(s, fmt.Sprintf("drawn %d", i), x.service, plan, 1, 1)
		}
	}
	return out
}
