// Package profile has the figure of what it costs that every process observes itself.
//
// What is timed is what fluxo build makes: testdata/busy, one process of it with observation and one without, which
// take turns on the whole machine.
package profile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
)

// CPU is the cost of observation.
var CPU = figure.Figure{
	Name: "profile.cpu",
	About: "processor time of a call of a flow that finds all it needs in memory, at full load, in a process that observes itself over one that does not, " +
		"less 1; .time: of one call; .noise: of the one that does not over itself",
	Run: func(r *figure.Report) (err error) {
		dir, err := os.MkdirTemp("", "fluxo-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		root, err := command.Root()
		if err != nil {
			return err
		}
		program := filepath.Join(dir, "busy")
		if err := command.Build("fluxo", filepath.Join(root, "bench", "profile", "testdata", "busy"), program); err != nil {
			return err
		}
		return compare(r, program)
	},
}

// Of each round each process is busy for a time in which many windows of observation come and go.
const (
	turn       = "200ms"
	roundsEach = 10 // make one of the report, so that what else the machine does falls on both sides alike
)

// compare has the two processes take turns.
func compare(r *figure.Report, program string) (err error) {
	off, err := start(program, "FLUXO_PROFILE=off")
	if err != nil {
		return err
	}
	defer off.stop(&err)
	on, err := start(program, "FLUXO_PROFILE=on")
	if err != nil {
		return err
	}
	defer on.stop(&err)
	var ratios, noise, times []float64
	for i := range r.Rounds * roundsEach {
		order := []*process{off, on, off}
		if i%2 == 1 {
			order = []*process{on, off, on}
		}
		var took [3]float64
		for k, p := range order {
			if took[k], err = p.busy(); err != nil {
				return err
			}
		}
		if i == 0 {
			continue // warm
		}
		outer := (took[0] + took[2]) / 2
		if i%2 == 0 {
			ratios, times = append(ratios, took[1]/outer), append(times, outer)
			noise = append(noise, took[2]/took[0])
		} else {
			ratios = append(ratios, outer/took[1])
		}
	}
	r.Line("profile.cpu", 100*(figure.Median(ratios)-1), "%")
	r.Line("profile.cpu.noise", 100*(figure.Median(noise)-1), "%")
	r.Line("profile.cpu.time", figure.Median(times)/1000, "us")
	return nil
}

// A process is one of testdata/busy.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start(program, environment string) (*process, error) {
	cmd := command.In(filepath.Dir(program), program)
	cmd.Env = append(cmd.Env, environment)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &process{cmd, in, bufio.NewReader(out)}, cmd.Start()
}

// busy has the process call its flow for a turn, and returns the processor time of a call in nanoseconds.
func (p *process) busy() (float64, error) {
	if _, err := fmt.Fprintln(p.in, turn); err != nil {
		return 0, err
	}
	var calls, used float64
	if _, err := fmt.Fscanln(p.out, &calls, &used); err != nil || calls == 0 {
		return 0, fmt.Errorf("testdata/busy made %v calls: %w", calls, err)
	}
	return used / calls, nil
}

// stop ends the process.
func (p *process) stop(err *error) {
	*err = errors.Join(*err, p.in.Close(), p.cmd.Wait())
}
