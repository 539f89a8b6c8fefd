package command

// What goes wrong with a command, and what exit code that is.

import (
	"errors"
	"fmt"
	"io"
)

// usageError is an error in the command line: exit code 2.
type usageError string

func (e usageError) Error() string { return string(e) }

// exitError ends the command with a code; everything has been said already.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

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
