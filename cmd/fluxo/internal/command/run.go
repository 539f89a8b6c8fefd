package command

// fluxo run.

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"fluxo.dev/fluxo/rt/control"
)

const runHelp = `Run compiles a service as fluxo build does and runs it. It takes the flags of go
run; what follows the package goes to the program. Signals are passed on, and
the exit code is the program's own. The program lets "fluxo record" of the same user
record it (FLUXO_CONTROL=on, which another program has to be given).

A plan that does not fit the source is a warning here, and what it says is left out.`

func runRun(ctx context.Context, c console, words []string) error {
	p, err := compile(ctx, c, "run", words, lenientPlans)
	if err != nil {
		return err
	}
	if len(p.args.packages) == 0 {
		return usageError("run needs a package: fluxo run ./cmd/service, or fluxo run .")
	}
	if err := p.runnable(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "fluxo-run-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	args := p.args.clone()
	run, _ := args.get("exec")
	args.drop("exec", "o")
	binary := filepath.Join(dir, binaryName(p.args.packages[0])+p.env.GOEXE)
	args.set("o", binary)
	build := *p
	build.args = args
	build.args.rest = nil
	if err := build.goCommand(ctx, c, "build"); err != nil {
		return err
	}
	return runProgram(c, append(splitFlags(run), append([]string{binary}, p.args.rest...)...))
}

// runnable says why there is nothing to run.
func (p *program) runnable() error {
	for _, l := range p.loaded.Listed {
		if !l.DepOnly && l.Name != "main" && !p.supplied {
			return usageError(fmt.Sprintf("%s is no main package and has no triggers, so there is nothing to run", l.ImportPath))
		}
	}
	return nil
}

// binaryName names the program after its package.
func binaryName(pattern string) string {
	abs, err := filepath.Abs(pattern)
	if err != nil {
		return "service"
	}
	return strings.TrimSuffix(filepath.Base(abs), ".go")
}

// runProgram runs a program until it ends, and passes on the signals that ask for its end.
func runProgram(c console, words []string) error {
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.in, c.out, c.err
	cmd.Env = append([]string{control.Environment + "=on"}, os.Environ()...) // what is set already counts
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = cmd.Process.Signal(s) // it may be gone already
		case err := <-done:
			var exit *exec.ExitError
			if !errors.As(err, &exit) {
				return err
			}
			if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
				return exitError(128 + int(status.Signal()))
			}
			return exitError(exit.ExitCode())
		}
	}
}
