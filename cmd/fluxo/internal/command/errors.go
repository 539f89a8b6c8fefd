package command

// What goes wrong with a command, and what exit code that is.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
)

// usageError is an error in the command line: exit code 2.
type usageError string

func (e usageError) Error() string { return string(e) }

// A printed writes to w and remembers what went wrong first.
type printed struct {
	w   io.Writer
	err error
}

func (p *printed) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	if p.err == nil {
		p.err = err
	}
	return n, err
}

// printing runs a command that prints. Where not all of it could be written, the
// command has failed, however it ended.
func printing(ctx context.Context, c console, args []string, run runner) error {
	out := &printed{w: c.out}
	c.out = out
	err := run(ctx, c, args)
	if err == nil && out.err != nil {
		return fmt.Errorf("what is printed is not complete: %w", out.err)
	}
	return err
}

// exitError ends the command with a code; everything has been said already.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// noModule says that commands have nothing to work on in dir.
func noModule(dir string) error {
	return fmt.Errorf("there is no go.mod in %s or above it; change to the directory of your module, or run go mod init PATH", dir)
}

// outside says what to do where err, the go command's, comes of a directory that lies in a
// workspace and in none of its modules; otherwise err stands.
func (e *goEnv) outside(err error) error {
	var broken *load.Error
	if e.inModule() || !e.inWorkspace() || !errors.As(err, &broken) {
		return err
	}
	if text := err.Error(); !strings.Contains(text, "go.work") && !strings.Contains(text, "no Go files in "+e.dir) {
		return err
	}
	m, readErr := e.modules(&arguments{})
	if readErr != nil || len(m.Files) == 0 {
		return fmt.Errorf("%s lists no module that can be read (%w); add yours with go work use DIR", e.short(e.GOWORK), errors.Join(readErr, err))
	}
	var patterns []string
	for _, file := range m.Files {
		patterns = append(patterns, e.short(filepath.Dir(file))+string(filepath.Separator)+"...")
	}
	return fmt.Errorf("%s is in no module of %s, which lists these: %s; change to the directory of one, or write it behind the command as it stands here",
		e.dir, e.short(e.GOWORK), strings.Join(patterns, " "))
}

// exitCode prints an error and returns the code to exit with.
func exitCode(err error, stderr io.Writer) int {
	var (
		code  exitError
		usage usageError
	)
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "fluxo: %v\n", err)
		return 2
	}
	fmt.Fprintf(stderr, "fluxo: %v\n", err)
	return 1
}
