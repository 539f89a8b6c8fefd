package command

// fluxo init.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/overlay"
)

const initHelp = `Init adds Fluxo to go.mod: the requirement of its runtime, and a tool line, by which
"go tool fluxo" is the version that the project was made with. Built from a clone, it
records where the clone lies.

It is not needed to try things out: fluxo build adds the requirement for the one build.`

func runInit(ctx context.Context, c console, words []string) error {
	if len(words) > 0 {
		return usageError("init takes no arguments: run it in the directory of go.mod")
	}
	env, err := readGoEnv(ctx)
	if err != nil {
		return err
	}
	if env.GOMOD == "" || env.GOMOD == os.DevNull {
		return noModule(env.dir)
	}
	rt, err := ownRuntime()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(env.GOMOD)
	if err != nil {
		return err
	}
	if strings.HasPrefix(string(text), "module "+overlay.Path+"\n") {
		return errors.New("this is Fluxo itself")
	}
	for _, args := range initSteps(rt) {
		if err := quietGo(ctx, args); err != nil {
			if restored := restore(env.GOMOD, text); restored != nil {
				return errors.Join(err, restored)
			}
			return fmt.Errorf("%w\n%s is as it was", err, env.short(env.GOMOD))
		}
	}
	fmt.Fprintf(c.out, "%s requires %s. Build with fluxo build, or with go tool fluxo build.\n", env.short(env.GOMOD), overlay.Path)
	return nil
}

// initSteps lists the go commands that add Fluxo to a module.
func initSteps(rt overlay.Runtime) [][]string {
	version := rt.Version
	var steps [][]string
	if rt.Dir != "" {
		version = "v0.0.0"
		steps = append(steps, []string{"mod", "edit",
			"-replace=" + overlay.Path + "=" + rt.Dir,
			"-replace=" + overlay.CommandPath + "=" + rt.Dir + "/cmd/fluxo",
			"-require=" + overlay.Path + "@" + version,
			"-require=" + overlay.CommandPath + "@" + version})
	}
	return append(steps, []string{"get", "-tool", overlay.CommandPath + "@" + version})
}

// quietGo runs the go command and shows what it said only if it failed.
func quietGo(ctx context.Context, args []string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, strings.TrimSpace(out.String()))
	}
	return nil
}
