package command

// What goes wrong with a command, and what exit code that is.

import (
	"context"
	"errors"
	"fmt"
	"io"
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
