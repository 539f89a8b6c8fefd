package command

// fluxo eject.

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

const ejectHelp = `Eject writes what fluxo build adds to the packages (./... by default) as ordinary
files: fluxo_gen.go beside the flows, fluxo_main.go beside main with the plan in it,
and the new names of flows in the files that declare them. From then on the go
command builds the program, with the same plan, and the files are yours to edit.
The program still needs Fluxo's runtime; go.mod is made to require it.

Commit first: git shows what was changed, and takes it back.`

func runEject(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("eject", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("eject"); err != nil {
		return err
	}
	if len(args.packages) == 0 {
		words = append(words, "./...")
	}
	p, err := compile(ctx, c, "eject", words, strictPlans)
	if err != nil {
		return err
	}
	modules, err := p.env.modules(p.args)
	if err != nil {
		return err
	}
	if modules.Vendor {
		return fmt.Errorf("the module is vendored; run fluxo init and go mod vendor first, so that the vendor directory holds Fluxo's runtime")
	}
	if len(p.added) == 0 {
		return fmt.Errorf("no package here has a flow, or a step with words that act: there is nothing to write")
	}
	for _, name := range p.set.Names() {
		text, err := p.set.ReadFile(name)
		if err != nil {
			return err
		}
		if err := writeOver(name, text); err != nil {
			return err
		}
		fmt.Fprintln(c.out, p.env.short(name))
	}
	return nil
}

// writeOver writes a file in the author's tree, with the permissions that it has.
func writeOver(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	mode := os.FileMode(0o666)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	return os.WriteFile(name, text, mode)
}
