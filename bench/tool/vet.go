package tool

// How long fluxo vet takes on a service of 10,000 lines.

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
)

// Vet times fluxo vet, which runs go vet as well.
var Vet = figure.Figure{
	Name: "vet",
	About: "seconds of fluxo vet ./... on a generated service of 10,000 lines; .warm: again, nothing changed; .edit: after a one-line edit at " +
		"the bottom of its imports; .cold: a service that no cache knows, of Go only the standard library is compiled; .empty: all caches empty, .go: go vet alone",
	Run: func(r *figure.Report) error {
		v, err := newVetted()
		if err != nil {
			return err
		}
		defer os.RemoveAll(v.dir)
		var cold, edit, warm, goWarm []float64
		for range min(r.Rounds, 5) {
			for _, step := range []struct {
				to   *[]float64
				time func() (cost, error)
			}{{&cold, v.cold}, {&edit, v.edit}, {&warm, v.again}, {&goWarm, v.plain}, {&warm, v.again}} {
				c, err := step.time()
				if err != nil {
					return err
				}
				*step.to = append(*step.to, c.wall.Seconds())
			}
		}
		r.Line("vet.lines", float64(v.lines), "lines")
		r.Line("vet.warm", figure.Median(warm), "s")
		r.Line("vet.warm.go", figure.Median(goWarm), "s")
		r.Line("vet.edit", figure.Median(edit), "s")
		r.Line("vet.cold", figure.Median(cold), "s")
		return v.empty(r)
	},
}

// A vetted is the service and the caches that its vetting uses.
type vetted struct {
	dir, source string
	lines       int
	gocache     string // the user's
	caches      int    // made so far
	mark        int
}

func newVetted() (*vetted, error) {
	dir, err := os.MkdirTemp("", "fluxo-bench-")
	if err != nil {
		return nil, err
	}
	cache, err := command.Output(exec.Command("go", "env", "GOCACHE"))
	if err != nil {
		return nil, err
	}
	v := &vetted{dir: dir, source: filepath.Join(dir, "big"), gocache: strings.TrimSpace(string(cache))}
	if err := os.Mkdir(v.source, 0o777); err != nil {
		return nil, err
	}
	v.lines, err = writeService(v.source, v.newMark())
	if err != nil {
		return nil, err
	}
	_, err = v.plain() // compiles the standard library
	return v, err
}

// newMark names a version of the service that nobody has seen.
func (v *vetted) newMark() string {
	v.mark++
	return fmt.Sprintf("version %d of %d", v.mark, time.Now().UnixNano())
}

// cold vets a service that differs in every package from what was vetted before.
func (v *vetted) cold() (cost, error) {
	if _, err := writeService(v.source, v.newMark()); err != nil {
		return cost{}, err
	}
	v.caches++
	return v.again()
}

// edit changes a line of the package that all others import.
func (v *vetted) edit() (cost, error) {
	if _, err := writePackage(v.source, "stock00", "", v.newMark()); err != nil {
		return cost{}, err
	}
	return v.again()
}

// again vets what was vetted before.
func (v *vetted) again() (cost, error) {
	cmd, err := fluxo(v.source, "vet", "./...")
	if err != nil {
		return cost{}, err
	}
	return run(v.cached(cmd, v.gocache))
}

// plain runs go vet alone.
func (v *vetted) plain() (cost, error) {
	return run(v.cached(command.In(v.source, "go", "vet", "./..."), v.gocache))
}

// cached lets cmd use a Go cache, and Fluxo's cache of this round.
func (v *vetted) cached(cmd *exec.Cmd, gocache string) *exec.Cmd {
	cmd.Env = append(cmd.Env, "GOCACHE="+gocache, "XDG_CACHE_HOME="+filepath.Join(v.dir, fmt.Sprint("cache", v.caches)))
	return cmd
}

// empty vets with no cache at all, once: most of it is the go command compiling the standard library.
func (v *vetted) empty(r *figure.Report) error {
	v.caches++
	ours, err := fluxo(v.source, "vet", "./...")
	if err != nil {
		return err
	}
	for name, cmd := range map[string]*exec.Cmd{"vet.empty": ours, "vet.empty.go": command.In(v.source, "go", "vet", "./...")} {
		c, err := run(v.cached(cmd, filepath.Join(v.dir, name)))
		if err != nil {
			return err
		}
		r.Line(name, c.wall.Seconds(), "s")
	}
	return nil
}
