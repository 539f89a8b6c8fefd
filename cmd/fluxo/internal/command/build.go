package command

// fluxo build.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

const buildHelp = `Build compiles packages as go build does, with the same flags. Calls of flows
run under the plan that lies beside the main package as fluxo.plan; without one
they run as written. A plan that does not fit the source stops the build.

A package with triggers that is not a main package is built as a service: Fluxo
supplies the main function. It does so for a package main without func main, too,
which is where //fluxo:sole lines may stand.`

func runBuild(ctx context.Context, c console, words []string) error {
	p, err := compile(ctx, c, "build", words, strictPlans)
	if err != nil {
		return err
	}
	return p.goCommand(ctx, c, "build")
}

// compile reads the program of a command line and adds what Fluxo has to add.
func compile(ctx context.Context, c console, command string, words []string, strict planStrictness) (*program, error) {
	args, err := parseArguments(command, words)
	if err != nil {
		return nil, err
	}
	return compileArguments(ctx, c, command, args, strict)
}

// compileArguments is compile of words that were taken apart.
func compileArguments(ctx context.Context, c console, command string, args *arguments, strict planStrictness) (*program, error) {
	if err := changeDir(args); err != nil {
		return nil, err
	}
	p, err := read(ctx, args, command == "test")
	if err != nil {
		return nil, err
	}
	if err := p.refuse(c.err); err != nil {
		return nil, err
	}
	if err := p.emit(); err != nil {
		return nil, err
	}
	if command == "test" {
		return p, nil // each run has a plan of its own
	}
	services, err := p.services()
	if err != nil {
		return nil, err
	}
	for _, s := range services {
		if err := s.report(c.err, strict); err != nil {
			return nil, err
		}
		if err := p.emitMain(s); err != nil {
			return nil, err
		}
	}
	return p, p.coverage()
}

// planStrictness says what a plan that does not fit the source is.
type planStrictness bool

const (
	strictPlans  planStrictness = true  // an error
	lenientPlans planStrictness = false // a warning; what does not fit runs as written
)

// report prints what is wrong with the service's plan.
func (s *service) report(stderr io.Writer, strict planStrictness) error {
	_, wrong := s.verdicts()
	if len(wrong) == 0 {
		return nil
	}
	for _, w := range wrong {
		if strict {
			fmt.Fprintln(stderr, w.text)
		} else {
			fmt.Fprintf(stderr, "warning: %s\n", w.text)
		}
	}
	if strict {
		return exitError(1)
	}
	return nil
}

// changeDir obeys -C, which the go command wants as its first flag.
func changeDir(args *arguments) error {
	dir, ok := args.get("C")
	if !ok {
		return nil
	}
	if err := os.Chdir(dir); err != nil {
		return usageError(fmt.Sprintf("-C: %v", err))
	}
	args.drop("C")
	return nil
}

// goCommand runs the go command on the program.
func (p *program) goCommand(ctx context.Context, c console, name string) error {
	words, err := p.command(name)
	if err != nil {
		return err
	}
	return runGo(ctx, c, words)
}

// runGo runs the go command; its exit code becomes ours.
func runGo(ctx context.Context, c console, words []string) error {
	cmd := exec.CommandContext(ctx, "go", words...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.in, c.out, c.err
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exitError(max(exit.ExitCode(), 1))
	}
	return err
}
