// Package tool has the figures of the fluxo command: how long people wait for it,
// and how much of the code that people write it can read.
package tool

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"fluxo.dev/fluxo/bench/command"
)

// A cost is what a run of a command took.
type cost struct {
	wall time.Duration
	cpu  time.Duration // of it and all that it started
}

// run runs a command that is expected to succeed.
func run(cmd *exec.Cmd) (cost, error) {
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return cost{}, fmt.Errorf("%s in %s: %w\n%s", strings.Join(cmd.Args, " "), cmd.Dir, err, out)
	}
	return cost{time.Since(start), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
}

// fluxo returns the fluxo command with arguments, to run in dir.
func fluxo(dir string, args ...string) (*exec.Cmd, error) {
	name, err := command.Fluxo()
	if err != nil {
		return nil, err
	}
	return command.In(dir, name, args...), nil
}

// replaceIn replaces the only occurrence of a text in a file.
func replaceIn(name, old, new string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), old); n != 1 {
		return fmt.Errorf("%s has %q %d times, once is expected", filepath.Base(name), old, n)
	}
	return os.WriteFile(name, []byte(strings.Replace(string(text), old, new, 1)), 0o666)
}
