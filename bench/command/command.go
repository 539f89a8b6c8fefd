// Package command builds and runs real programs with the fluxo and go commands,
// for the figures that are about what they emit or how long they take.
package command

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// Root is the directory of the repository.
var Root = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "fluxo.dev/fluxo").Output()
	if err != nil {
		return "", fmt.Errorf("finding the repository; run in the module of bench: %w", withStderr(err))
	}
	return strings.TrimSpace(string(out)), nil
})

// Fluxo is the fluxo command that is measured: the one that FLUXO names, or
// else the repository's bin/fluxo, which is brought up to date first.
var Fluxo = sync.OnceValues(func() (string, error) {
	if name := os.Getenv("FLUXO"); name != "" {
		return filepath.Abs(name)
	}
	root, err := Root()
	if err != nil {
		return "", err
	}
	name := filepath.Join(root, "bin", "fluxo")
	made := fmt.Sprintf("%s-%d", name, os.Getpid()) // others may be running or making the same
	if _, err := Output(In(filepath.Join(root, "cmd", "fluxo"), "go", "build", "-o", made, ".")); err != nil {
		return "", err
	}
	return name, os.Rename(made, name)
})

// In returns a command that runs in dir as it would outside of any workspace.
func In(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	return cmd
}

// Build compiles the package in dir, by "fluxo" or by "go", into out.
func Build(by, dir, out string) error {
	name := "go"
	if by == "fluxo" {
		var err error
		if name, err = Fluxo(); err != nil {
			return err
		}
	}
	cmd := In(dir, name, "build", "-o", out, ".")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s build in %s: %w\n%s", by, dir, err, text)
	}
	return nil
}

// Output runs cmd and returns what it prints.
func Output(cmd *exec.Cmd) ([]byte, error) {
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), withStderr(err))
	}
	return out, nil
}

func withStderr(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w\n%s", err, bytes.TrimSpace(exit.Stderr))
	}
	return err
}
