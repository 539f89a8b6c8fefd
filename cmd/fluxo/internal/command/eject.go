package command

// fluxo eject.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
	modules, err := p.env.modules(args) // p.args no longer says so where the runtime had to be added
	if err != nil {
		return err
	}
	if modules.Vendor {
		return fmt.Errorf("the module is vendored, and its vendor directory knows nothing of what is written here; remove that directory, run fluxo eject, then go mod vendor")
	}
	if len(p.added) == 0 {
		return fmt.Errorf("no package here has a flow, or a step with words that act: there is nothing to write")
	}
	if err := p.writeAll(); err != nil {
		return err
	}
	for _, name := range p.set.Names() {
		fmt.Fprintln(c.out, p.env.short(name))
	}
	return nil
}

// writeAll writes the files of the overlay into the author's tree, all or none.
func (p *program) writeAll() (err error) {
	var undo []func() error
	defer func() {
		if err == nil {
			return
		}
		for _, u := range slices.Backward(undo) {
			if undone := u(); undone != nil {
				err = errors.Join(err, undone)
				return
			}
		}
		err = fmt.Errorf("%w; every file is as it was", err)
	}()
	for _, name := range p.set.Names() {
		text, err := p.set.ReadFile(name)
		if err != nil {
			return err
		}
		before, err := os.ReadFile(name)
		switch {
		case err == nil:
			undo = append(undo, func() error { return restore(name, before) })
		case errors.Is(err, fs.ErrNotExist):
			undo = append(undo, func() error { return os.RemoveAll(name) })
		default:
			return err
		}
		if err := writeOver(name, text); err != nil {
			return err
		}
	}
	return nil
}

// restore gives a file the text that it had, where it has another now.
func restore(name string, text []byte) error {
	if now, err := os.ReadFile(name); err == nil && bytes.Equal(now, text) {
		return nil
	}
	return writeOver(name, text)
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
