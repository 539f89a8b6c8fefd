package tool

// How long fluxo build takes after an edit.

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
)

// Build times fluxo build of the weather service after a one-line edit.
var Build = figure.Figure{
	Name: "build.edit",
	About: "seconds of fluxo build of the weather service after a one-line edit; .ratio: over go build, after the same edit, of the same package " +
		"with a main function written by hand; .cpu: the same in processor time",
	Run: func(r *figure.Report) error {
		dir, err := os.MkdirTemp("", "fluxo-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		e := &edited{dir: dir, source: filepath.Join(dir, "weather"), seconds: map[string][]float64{}, cpu: map[string][]float64{}}
		if err := e.copy(); err != nil {
			return err
		}
		byFluxo, byGo := e.timed("fluxo", ""), e.timed("go", "byhand")
		byFluxo()
		byGo() // caches are warm
		e.seconds, e.cpu = map[string][]float64{}, map[string][]float64{}
		r.Ratio("build.edit.ratio", byGo, byFluxo)
		if e.err != nil {
			return e.err
		}
		r.Line("build.edit", figure.Median(e.seconds["fluxo"]), "s")
		r.Line("build.edit.go", figure.Median(e.seconds["go"]), "s")
		r.Line("build.edit.cpu", figure.Median(e.cpu["fluxo"])/figure.Median(e.cpu["go"]), "ratio")
		return nil
	},
}

//go:embed byhand.txt
var byHand []byte

// edited is a copy of the weather service that is edited and built again and again.
type edited struct {
	dir, source  string
	edits        int
	seconds, cpu map[string][]float64 // by the command that built
	err          error
}

// copy copies the weather service, and puts beside it a main function as a person would write it.
func (e *edited) copy() error {
	root, err := command.Root()
	if err != nil {
		return err
	}
	if err := os.CopyFS(e.source, os.DirFS(filepath.Join(root, "examples", "weather"))); err != nil {
		return err
	}
	byhand := filepath.Join(e.source, "byhand")
	_, err = run(command.In(e.source, "go", "mod", "edit", "-replace=fluxo.dev/fluxo="+root))
	return errors.Join(err,
		os.Mkdir(byhand, 0o777),
		os.WriteFile(filepath.Join(byhand, "main.go"), byHand, 0o666))
}

// timed returns a function that edits a line, builds the package below the copy
// and returns the seconds that took.
func (e *edited) timed(by, below string) func() float64 {
	return func() float64 {
		old := fmt.Sprintf("const maxList = %d", 50+e.edits)
		e.edits++
		err := replaceIn(filepath.Join(e.source, "weather.go"), old, fmt.Sprintf("const maxList = %d", 50+e.edits))
		words := []string{"build", "-o", filepath.Join(e.dir, "built-"+by), "."}
		dir := filepath.Join(e.source, below)
		cmd := command.In(dir, "go", words...)
		if by == "fluxo" {
			var missing error
			cmd, missing = fluxo(dir, words...)
			err = errors.Join(err, missing)
		}
		if err = errors.Join(e.err, err); err != nil {
			e.err = err
			return 1
		}
		c, err := run(cmd)
		e.err = err
		e.seconds[by] = append(e.seconds[by], c.wall.Seconds())
		e.cpu[by] = append(e.cpu[by], c.cpu.Seconds())
		return max(c.wall, time.Microsecond).Seconds()
	}
}
