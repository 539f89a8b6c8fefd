package lockstep

// Mutants of the checker: each is killed by a difference, or survives.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"fluxo.dev/fluxo/internal/lockstep/harness"
)

// A Fate is what became of a mutant.
type Fate struct {
	Mutant string
	Killer harness.Finding // the first difference; Wrong is empty if it survived
}

// Killed reports whether a difference was found.
func (f Fate) Killed() bool { return f.Killer.Wrong != "" }

func (f Fate) String() string {
	if !f.Killed() {
		return fmt.Sprintf("survived %q", f.Mutant)
	}
	return fmt.Sprintf("killed   %q: %s", f.Mutant, f.Killer)
}

// Mutants runs plans that only the named mutants of the checker let pass, for each
// up to runs times, until one makes a difference. A planned program that dies
// under such a plan is a difference, too.
func (p *Pair) Mutants(ctx context.Context, names []string, seed uint64, runs int) ([]Fate, error) {
	file, err := p.search(ctx)
	if err != nil {
		return nil, err
	}
	fates := map[string]*Fate{}
	var order []*Fate
	for _, m := range names {
		f := &Fate{Mutant: m}
		fates[m], order = f, append(order, f)
	}
	for left := names; len(left) > 0; {
		now := ""
		tell, told := io.Pipe()
		toldAll := make(chan string, 2*len(names))
		go func() {
			for m := range toldAll {
				fmt.Fprintln(told, m)
			}
			told.Close()
		}()
		err := p.pipe(ctx, tell, func(f harness.Finding) {
			switch {
			case f.Mutant == "":
			case f.Wrong == "":
				now = f.Mutant
			case !fates[f.Mutant].Killed():
				fates[f.Mutant].Killer = f
				toldAll <- f.Mutant
			}
		}, "-candidates", file, "-mutants", strings.Join(left, ","), "-seed", fmt.Sprint(seed), "-runs", fmt.Sprint(runs))
		tell.Close()
		close(toldAll)
		var died *crash
		switch {
		case err == nil:
			left = nil
		case errors.As(err, &died) && now != "" && ctx.Err() == nil:
			if !fates[now].Killed() {
				fates[now].Killer = harness.Finding{Mutant: now, Wrong: firstLine(died.text)}
			}
			left = left[slices.Index(left, now)+1:]
		default:
			return nil, err
		}
	}
	out := make([]Fate, len(order))
	for i, f := range order {
		out[i] = *f
	}
	return out, nil
}

func firstLine(s string) string {
	for line := range strings.Lines(s) {
		if strings.HasPrefix(line, "fatal error") || strings.HasPrefix(line, "panic") || strings.HasPrefix(line, "runtime:") {
			return "died: " + strings.TrimSpace(line)
		}
	}
	return "died: " + s
}

// search looks for candidates once, and returns the file they are in.
func (p *Pair) search(ctx context.Context) (string, error) {
	file := filepath.Join(p.dir, "candidates.json")
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	c := exec.CommandContext(ctx, p.planned, "-search")
	var complaint strings.Builder
	c.Stderr = &complaint
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("search for plans: %w\n%s", err, tail(complaint.String()))
	}
	return file, os.WriteFile(file, out, 0o644)
}
