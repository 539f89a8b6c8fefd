package lockstep

// Differences made smaller: decisions, requests and statements of the source are left out
// as long as a difference stays.

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"fluxo.dev/fluxo/internal/lockstep/harness"
)

// A Kept is a difference, made small, with all that is needed to see it again.
type Kept struct {
	Case  harness.Case
	Left  harness.Finding   // what differs
	Files map[string]string // of the package, by base name
}

// Smaller leaves out of the run of a difference what can be left out.
func (p *Pair) Smaller(ctx context.Context, f harness.Finding) (Kept, error) {
	k := Kept{Left: f, Files: map[string]string{}}
	for _, name := range []string{"flows.go", "steps.go"} {
		text, err := os.ReadFile(filepath.Join(p.o.Dir, f.Package, name))
		if err != nil {
			return k, err
		}
		k.Files[name] = string(text)
	}
	print := exec.CommandContext(ctx, p.planned, "-package", f.Package, "-seed", fmt.Sprint(f.Seed), "-first", fmt.Sprint(f.Number), "-case")
	text, err := print.Output()
	if err != nil {
		return k, fmt.Errorf("case of %v: %w", f, err)
	}
	if err := json.Unmarshal(text, &k.Case); err != nil {
		return k, err
	}
	p.smallerCase(ctx, &k)
	smallerSource(ctx, p.o, &k)
	return k, nil
}

// smallerCase leaves out requests, decisions and swaps.
func (p *Pair) smallerCase(ctx context.Context, k *Kept) {
	try := func(c harness.Case) bool {
		left, ok := p.differs(ctx, c)
		if ok {
			k.Case, k.Left = c, left
		}
		return ok
	}
	for i := len(k.Case.Requests) - 1; i >= 0; i-- {
		c := k.Case
		c.Requests = slices.Concat(c.Requests[:i], c.Requests[i+1:])
		try(c)
	}
	for _, flow := range slices.Sorted(maps.Keys(k.Case.Plans)) {
		for i := len(k.Case.Plans[flow]) - 1; i >= 0; i-- {
			c := k.Case
			c.Plans = maps.Clone(c.Plans)
			c.Plans[flow] = slices.Concat(c.Plans[flow][:i], c.Plans[flow][i+1:])
			try(c)
		}
		c := k.Case
		c.Plans = maps.Clone(c.Plans)
		delete(c.Plans, flow)
		try(c)
	}
	c := k.Case
	c.Swaps = nil
	try(c)
}

// differs does the run of a case, and reports whether it makes a difference.
func (p *Pair) differs(ctx context.Context, c harness.Case) (left harness.Finding, ok bool) {
	found, err := p.Play(ctx, []harness.Case{c})
	if err != nil || len(found) == 0 {
		return left, false
	}
	return found[0], true
}

// Play does the runs of cases, and returns the differences.
func (p *Pair) Play(ctx context.Context, cases []harness.Case) (found []harness.Finding, err error) {
	text, err := json.Marshal(cases)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(p.o.Dir, "cases.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, err
	}
	err = p.pipe(ctx, p.planned, nil, func(f harness.Finding) {
		if f.Wrong != "" {
			found = append(found, f)
		}
	}, "-play", file)
	return found, err
}

// Keep makes a difference small, and writes it to a directory of its own below dir.
func (p *Pair) Keep(ctx context.Context, f harness.Finding, dir string) (string, error) {
	k, err := p.Smaller(ctx, f)
	if err != nil {
		return "", err
	}
	to := filepath.Join(dir, fmt.Sprintf("seed%d-%s-%d", p.o.Seed, f.Package, f.Number))
	return to, k.write(to)
}

func (k *Kept) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(k.Case, "", "\t")
	if err != nil {
		return err
	}
	files := maps.Clone(k.Files)
	files["case.json"] = string(text) + "\n"
	files["difference.txt"] = k.String()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// String says what differs, for people.
func (k *Kept) String() string {
	flow := ""
	if i := k.Left.Request; i >= 0 && i < len(k.Case.Requests) {
		flow = fmt.Sprintf("request %d, of %s", i, k.Case.Requests[i].Flow)
	}
	return fmt.Sprintf("%s\n%s\nunder\n\t%s\n", flow, k.Left.Wrong, strings.Join(k.Left.Plan, "\n\t"))
}

// ReadKept reads the differences that were kept below dir. Their packages are called
// k0, k1, … from then on.
func ReadKept(dir string) (all []Kept, err error) {
	dirs, err := filepath.Glob(filepath.Join(dir, "*", "case.json"))
	if err != nil {
		return nil, err
	}
	for i, file := range dirs {
		k := Kept{Files: map[string]string{}}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &k.Case); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, name := range []string{"flows.go", "steps.go"} {
			text, err := os.ReadFile(filepath.Join(filepath.Dir(file), name))
			if err != nil {
				return nil, err
			}
			k.Files[name] = string(text)
		}
		k.Case.Package = fmt.Sprint("k", i)
		all = append(all, k)
	}
	return all, nil
}

// Again builds what was kept and does its runs: it returns the differences that are there
// today.
func Again(ctx context.Context, o Options, all []Kept) ([]harness.Finding, error) {
	files := map[string]map[string]string{}
	var cases []harness.Case
	for _, k := range all {
		files[k.Case.Package] = k.Files
		cases = append(cases, k.Case)
	}
	p, err := buildFiles(ctx, o, files)
	if err != nil {
		return nil, err
	}
	return p.Play(ctx, cases)
}
