package lockstep_test

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"fluxo.dev/fluxo/internal/lockstep"
)

// What one test run comes to, at least.
const (
	wantPrograms = 500
	wantRuns     = 20_000
	wantReach    = 0.95
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
		Packages: lockstep.Packages, Flows: lockstep.Flows, Seed: number(t, "FLUXO_LOCKSTEP_SEED", 1),
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
// pass, do nothing that they would not do as written. And the checker and the engine are
// as strict as they must be: whatever one of them forgets, a run shows it.
func TestLockstep(t *testing.T) {
	pair, o := build(t)
	t.Run("kept", func(t *testing.T) { kept(t, o) })
	t.Run("programs", func(t *testing.T) { programs(t, pair) })
	t.Run("mutants", func(t *testing.T) { mutants(t, pair) })
}

// keptIn is where differences are kept: none of them may come back.
const keptIn = "testdata"

func kept(t *testing.T, o lockstep.Options) {
	all, err := lockstep.ReadKept(keptIn)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return
	}
	o.Dir = t.TempDir()
	found, err := lockstep.Again(context.Background(), o, all)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("a difference is back: %v", f)
	}
}

func programs(t *testing.T, pair *lockstep.Pair) {
	ctx := context.Background()
	sum, err := pair.Run(ctx, 1, int(number(t, "FLUXO_LOCKSTEP_RUNS", lockstep.Runs)))
	if err != nil {
		t.Fatal(err)
	}
	lockstep.Print(os.Stdout, sum.Lines())
	if sum.Programs < wantPrograms || sum.Runs < wantRuns {
		t.Errorf("%d programs and %d runs are too few", sum.Programs, sum.Runs)
	}
	if float64(sum.Undecided) > maxUndecided*float64(sum.Requests) {
		t.Errorf("%d of %d requests are undecided", sum.Undecided, sum.Requests)
	}
	reach := sum.Reach()
	if reach.Share() < wantReach {
		t.Errorf("reach is %.3f; not met: %q", reach.Share(), reach.Missing)
	}
	for combination, rule := range reach.Barred {
		if rule == "" {
			t.Errorf("nothing says why %s cannot be", combination)
		}
	}
	if len(sum.Differences) > 0 {
		where, err := pair.Keep(ctx, sum.Differences[0], keptIn)
		t.Errorf("%d differences; the first is kept in %s (%v):\n%v", len(sum.Differences), where, err, sum.Differences[0])
	}
}

// The runs that kill are found anew with -update, after programs or plans are drawn differently.
var update = flag.Bool("update", false, "write down which runs kill mutants")

func mutants(t *testing.T, pair *lockstep.Pair) {
	fates, err := pair.AllMutants(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	lockstep.Print(os.Stdout, lockstep.FateLines(fates))
	if *update {
		if err := os.WriteFile("../../../../internal/lockstep/killers.txt", []byte(lockstep.Killers(fates)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range fates {
		if !f.Killed() {
			t.Errorf("%v: no run shows what this is good for", f)
		}
	}
}
