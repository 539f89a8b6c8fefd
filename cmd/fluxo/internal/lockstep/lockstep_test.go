package lockstep_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"fluxo.dev/fluxo/internal/lockstep"
	"fluxo.dev/fluxo/internal/lockstep/harness"
)

// What one test run comes to, at least.
const (
	packages, flows = 13, 40
	runs            = 1600 // of each package
	wantPrograms    = 500
	wantRuns        = 20_000
	mutantRuns      = 1200
)

// maxUndecided is the share of requests for which the judge may run out of paths.
const maxUndecided = 0.005

// build builds the command and generated programs, once for all tests.
func build(t *testing.T) (*lockstep.Pair, lockstep.Options) {
	t.Helper()
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	o := lockstep.Options{
		Fluxo: filepath.Join(t.TempDir(), "fluxo"), Root: root, Dir: t.TempDir(),
		Packages: packages, Flows: flows, Seed: number(t, "FLUXO_LOCKSTEP_SEED", 1),
	}
	command := exec.Command("go", "build", "-o", o.Fluxo, ".")
	command.Dir = filepath.Join(root, "cmd", "fluxo")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	pair, err := lockstep.Build(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return pair, o
}

func number(t *testing.T, name string, otherwise uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// Generated programs, built by fluxo and run under random plans that the checker lets
// pass, do nothing that they would not do as written. And the checker is as strict
// as it must be: whatever it forgets, a run shows it.
func TestLockstep(t *testing.T) {
	pair, o := build(t)
	t.Run("programs", func(t *testing.T) { programs(t, pair, o) })
	t.Run("mutants", func(t *testing.T) { mutants(t, pair) })
}

func programs(t *testing.T, pair *lockstep.Pair, o lockstep.Options) {
	ctx := context.Background()
	sum, err := pair.Run(ctx, 1, int(number(t, "FLUXO_LOCKSTEP_RUNS", runs)))
	if err != nil {
		t.Fatal(err)
	}
	sum.Print(os.Stdout)
	if sum.Programs < wantPrograms || sum.Runs < wantRuns {
		t.Errorf("%d programs and %d runs are too few", sum.Programs, sum.Runs)
	}
	if float64(sum.Undecided) > maxUndecided*float64(sum.Requests) {
		t.Errorf("%d of %d requests are undecided", sum.Undecided, sum.Requests)
	}
	if len(sum.Differences) > 0 {
		c := pair.Smaller(ctx, sum.Differences[0])
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", fmt.Sprintf("seed%d-%s-%d.txtar", o.Seed, c.Package, c.Number))
		if err := os.WriteFile(file, []byte(pair.Text(c, o)), 0o644); err != nil {
			t.Error(err)
		}
		t.Errorf("%d differences; the first is kept in %s:\n%s", len(sum.Differences), file, pair.Text(c, o))
	}
}

func mutants(t *testing.T, pair *lockstep.Pair) {
	fates, err := pair.Mutants(context.Background(), harness.Mutants(), 1, mutantRuns)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fates {
		if !f.Killed() {
			t.Errorf("%v: no run shows what this condition is good for", f)
		}
	}
}
