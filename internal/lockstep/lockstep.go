// Package lockstep holds generated Go programs, built plainly by go build and
// lifted by fluxo build, against each other.
//
// Package gen writes the programs, package world is where their steps live, and
// package harness is their main function. The planned binary runs workloads
// under random plans that the checker lets pass, in a simulated world with
// failures, panics and cancellations, and writes what happened. The plain binary
// judges it: for every request it looks for a run of the flow as written that
// explains the answer and everything that was done to the world.
package lockstep

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"fluxo.dev/fluxo/internal/lockstep/gen"
	"fluxo.dev/fluxo/internal/lockstep/patch"
)

// Options say what is generated, with what it is built, and how long it runs.
type Options struct {
	Fluxo    string // the fluxo command
	Root     string // the source of Fluxo, for the generated module's replace line
	Dir      string // where the module is written; it must be empty
	Packages int    // generated packages
	Flows    int    // flows of each
	Seed     uint64
}

// A Pair is the two builds of one generated module, and a third with mutants.
type Pair struct {
	o                       Options
	planned, plain, mutants string
	Programs                int
}

// Built returns the pair that an earlier Build with these options left behind.
func Built(o Options) *Pair {
	bin := func(name string) string { return filepath.Join(o.Dir, name) }
	return &Pair{o: o, Programs: o.Packages * o.Flows, planned: bin("planned.bin"), plain: bin("plain.bin"), mutants: bin("mutants.bin")}
}

// Build writes a module of generated packages and builds it both ways.
func Build(ctx context.Context, o Options) (*Pair, error) {
	files := map[string]map[string]string{}
	for _, p := range o.generate() {
		files[p.Name] = p.Files
	}
	return buildFiles(ctx, o, files)
}

// generate writes the packages.
func (o Options) generate() (all []*gen.Package) {
	for i := range o.Packages {
		all = append(all, gen.New(fmt.Sprint("p", i), o.Seed+uint64(i)*1000, o.Flows))
	}
	return all
}

// buildFiles writes a module of packages, whose files are by base name, and builds it both
// ways.
func buildFiles(ctx context.Context, o Options, packages map[string]map[string]string) (*Pair, error) {
	var err error
	if o.Root, err = filepath.Abs(o.Root); err != nil {
		return nil, err
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, err
	}
	if o.Fluxo, err = exec.LookPath(o.Fluxo); err != nil {
		return nil, err
	}
	if o.Fluxo, err = filepath.Abs(o.Fluxo); err != nil {
		return nil, err
	}
	p := Built(o)
	names := slices.Sorted(maps.Keys(packages))
	files := map[string]string{
		"go.mod":          fmt.Sprintf(goMod, o.Root),
		"main.go":         mainFile(names),
		"mutants/main.go": mainFile(names[:min(len(names), mutantPackages)]),
	}
	for name, text := range gen.Sync {
		files[filepath.Join("sync", name)] = text
	}
	for name, pkg := range packages {
		for file, text := range pkg {
			files[filepath.Join(name, file)] = text
		}
	}
	for name, text := range files {
		path := filepath.Join(o.Dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	if err := p.command(ctx, "go", "build", "-o", p.plain, "."); err != nil {
		return nil, err
	}
	if err := p.command(ctx, o.Fluxo, "build", "-o", p.planned, "."); err != nil {
		return nil, err
	}
	return p, nil
}

// mutantPackages is how many packages mutants of the engine run: they all wait for its
// build.
const mutantPackages = 4

// BuildMutants builds some of the packages with an engine that has all its mutants.
func (p *Pair) BuildMutants(ctx context.Context) error {
	dir, err := os.MkdirTemp(p.o.Dir, "overlay")
	if err != nil {
		return err
	}
	overlay, err := patch.Overlay(p.o.Root, dir)
	if err != nil {
		return err
	}
	return p.command(ctx, p.o.Fluxo, "build", "-overlay", overlay, "-o", p.mutants, "./mutants")
}

// mainFile is the main function for packages.
func mainFile(packages []string) string {
	var imports, tables strings.Builder
	for _, name := range packages {
		fmt.Fprintf(&imports, "\t%s \"%s/%s\"\n", name, modulePath, name)
		fmt.Fprintf(&tables, "\t\t%q: %s.Table,\n", name, name)
	}
	return fmt.Sprintf(mainText, imports.String(), tables.String())
}

// modulePath lies below the root module's, whose internal packages generated code imports.
const modulePath = "fluxo.dev/fluxo/lockstep/generated"

const goMod = `module ` + modulePath + `

go 1.26.0

require (
	fluxo.dev/fluxo v0.0.0
	golang.org/x/sync v0.0.0
)

replace (
	fluxo.dev/fluxo => %s
	golang.org/x/sync => ./sync
)
`

const mainText = `// Command generated runs the generated packages.
//
//fluxo:sole posts
package main

import (
	"fluxo.dev/fluxo/internal/lockstep/harness"
	"fluxo.dev/fluxo/internal/lockstep/world"
%s)

func main() {
	harness.Main(map[string]map[string]world.Flow{
%s	})
}
`

func (p *Pair) command(ctx context.Context, name string, args ...string) error {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = p.o.Dir
	c.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return nil
}
