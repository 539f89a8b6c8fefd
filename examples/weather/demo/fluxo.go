package main

// The fluxo command, as a person would use it, on a copy of the example that has no plan yet.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"fluxo.dev/fluxo/pattern/planner"
)

// A workshop is the folder in which a plan is made.
type workshop struct {
	fluxo string // the command
	dir   string // the copy of the example
}

// newWorkshop copies the example's source, without its plan.
func newWorkshop(fluxo, source, dir string) (*workshop, error) {
	fluxo, err := filepath.Abs(fluxo)
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	err = filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && name == "demo":
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(dir, name), 0o755)
		case name == "fluxo.plan" || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".md"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), text, 0o644)
	})
	if err != nil {
		return nil, err
	}
	root, err := filepath.Abs(filepath.Join(source, "..", ".."))
	if err != nil {
		return nil, err
	}
	edit := exec.Command("go", "mod", "edit", "-replace", "fluxo.dev/fluxo="+root)
	edit.Dir = dir
	if out, err := edit.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go mod edit: %w\n%s", err, out)
	}
	return &workshop{fluxo, dir}, nil
}

// file returns the path of a file in the workshop.
func (w *workshop) file(name string) string { return filepath.Join(w.dir, name) }

// command is fluxo with these words, run in the workshop, which is no part of the repository's workspace.
func (w *workshop) command(ctx context.Context, words ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, w.fluxo, words...)
	cmd.Dir, cmd.Env = w.dir, append(os.Environ(), "GOWORK=off")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	return cmd
}

// run runs fluxo and returns what it prints.
func (w *workshop) run(ctx context.Context, words ...string) (string, error) {
	return w.output(w.command(ctx, words...))
}

// output runs a command and returns what it prints.
func (w *workshop) output(cmd *exec.Cmd) (string, error) {
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("fluxo %s: %w\n%s%s", strings.Join(cmd.Args[1:], " "), err, out.String(), problems.String())
	}
	return out.String(), nil
}

// draw draws a flow into a file; what else words say is for fluxo graph.
func (w *workshop) draw(ctx context.Context, file string, words ...string) error {
	text, err := w.run(ctx, append(append([]string{"graph"}, words...), "-svg", "Weather")...)
	if err != nil {
		return err
	}
	return os.WriteFile(w.file(file), []byte(text), 0o644)
}

// plan has a plan looked for and written. Its progress shows on standard error.
func (w *workshop) plan(ctx context.Context, trace string) (*planner.Answer, error) {
	cmd := w.command(ctx, "plan", "-json", "-y", "-trace", trace, ".")
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("fluxo plan: %w", err)
	}
	a := new(planner.Answer)
	if err := json.Unmarshal(text, a); err != nil {
		return nil, fmt.Errorf("fluxo plan: %w", err)
	}
	if a.Proposed == nil || a.Written == nil {
		return nil, errors.New("fluxo plan predicts nothing")
	}
	return a, nil
}
