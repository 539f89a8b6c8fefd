// Package profile has the figure of what it costs that every process observes itself.
//
// What is timed is what fluxo build makes: testdata/busy, processes of it with observation and without, which
// take turns on the whole machine.
package profile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
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
		"less 1, the median of several such processes; .time: of one call; .noise: by how much that may be off",
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

// Processes of one program differ by where things lie in their memory, by more than observation costs. So each round has processes
// of its own, which are each busy for a time in which many windows of observation come and go, again and again, so that what else
// the machine does falls on all alike.
const (
	turn      = "200ms"
	turns     = 5 // of each process, the first to warm up
	eachRound = 3 // times three processes
)

// compare has processes take turns.
func compare(r *figure.Report, program string) error {
	var over, again, times []float64
	for range r.Rounds * eachRound {
		used, err := three(program)
		if err != nil {
			return err
		}
		off := (used[0] + used[2]) / 2
		over, again, times = append(over, used[1]/off-1), append(again, used[2]/used[0]-1), append(times, off)
	}
	r.Note("processor time over that without observation, less 1, of each process in %%: %.1f; of two without: %.1f", percent(over), percent(again))
	r.Line("profile.cpu", 100*figure.Median(over), "%")
	r.Line("profile.cpu.noise", 100*apart(over), "%")
	r.Line("profile.cpu.time", figure.Median(times)/1000, "us")
	return nil
}

// three has a process without observation, one with it and another one without take turns, and returns how
// much processor time a call took in each, in nanoseconds.
func three(program string) (used [3]float64, err error) {
	var all [3]*process
	for i, how := range []string{"off", "on", "off"} {
		if all[i], err = start(program, "FLUXO_PROFILE="+how); err != nil {
			return used, err
		}
		defer all[i].stop(&err)
	}
	var each [3][]float64
	for n := range turns {
		for i := range all {
			at := (n + i) % len(all)
			took, err := all[at].busy()
			if err != nil {
				return used, err
			}
			if n > 0 {
				each[at] = append(each[at], took)
			}
		}
	}
	for i := range used {
		used[i] = figure.Median(each[i])
	}
	return used, nil
}

// apart is how far medians of such values may be from what they measure: about half the width of a 95 % interval.
func apart(values []float64) float64 {
	mean, squares := 0.0, 0.0
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	const median = 1.25 // as much wider is the interval of a median than that of a mean
	return median * 1.96 * math.Sqrt(squares/float64(len(values)-1)/float64(len(values)))
}

func percent(of []float64) []float64 {
	out := make([]float64, len(of))
	for i, v := range of {
		out[i] = 100 * v
	}
	return out
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
