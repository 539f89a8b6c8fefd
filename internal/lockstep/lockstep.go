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
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"fluxo.dev/fluxo/internal/lockstep/gen"
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

// A Pair is the two builds of one generated module.
type Pair struct {
	dir            string
	planned, plain string
	Programs       int
}

// Built returns the pair that an earlier Build with these options left behind.
func Built(o Options) *Pair {
	return &Pair{
		dir: o.Dir, Programs: o.Packages * o.Flows,
		planned: filepath.Join(o.Dir, "planned.bin"), plain: filepath.Join(o.Dir, "plain.bin"),
	}
}

// Build writes a module and builds it both ways.
func Build(ctx context.Context, o Options) (*Pair, error) {
	p := Built(o)
	files := map[string]string{"go.mod": fmt.Sprintf(goMod, o.Root)}
	var imports, tables strings.Builder
	for i := range o.Packages {
		pkg := gen.New(fmt.Sprintf("p%d", i), o.Seed+uint64(i)*1000, o.Flows)
		for name, text := range pkg.Files {
			files[filepath.Join(pkg.Name, name)] = text
		}
		fmt.Fprintf(&imports, "\t\"%s/%s\"\n", modulePath, pkg.Name)
		fmt.Fprintf(&tables, "\t\t%q: %s.Table,\n", pkg.Name, pkg.Name)
	}
	files["main.go"] = fmt.Sprintf(mainText, imports.String(), tables.String())
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

// modulePath lies below the root module's, whose internal packages generated code imports.
const modulePath = "fluxo.dev/fluxo/lockstep/generated"

const goMod = `module ` + modulePath + `

go 1.26.0

require fluxo.dev/fluxo v0.0.0

replace fluxo.dev/fluxo => %s
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
	c.Dir = p.dir
	c.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return nil
}
