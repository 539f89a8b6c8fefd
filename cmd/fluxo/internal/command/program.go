package command

// A program on its way to the go command: modules that know Fluxo, packages
// loaded and lifted, an overlay with emitted code.

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
	"fluxo.dev/fluxo/cmd/fluxo/internal/overlay"
)

// A program is what the packages of one command line come to.
type program struct {
	env    *goEnv
	args   *arguments
	cache  *overlay.Cache
	set    *overlay.Set
	loaded *load.Result
	pkgs   []*packageOf        // those read from source, test variants left out
	added  map[string][]string // directory → names of the files added to it

	required bool // emitted code finds its runtime
	supplied bool // the overlay has a main package that the author did not write
}

// A packageOf is one package with what the analyzers found.
type packageOf struct {
	*load.Package
	effects *effect.Result
	lifted  *lift.Package
}

// read loads and analyses the packages of a command line.
func read(ctx context.Context, args *arguments, tests bool) (*program, error) {
	return readAnd(ctx, args, load.Config{Tests: tests})
}

// readAnd is read with the rest of cfg as the caller wants it.
func readAnd(ctx context.Context, args *arguments, cfg load.Config) (*program, error) {
	env, err := readGoEnv(ctx)
	if err != nil {
		return nil, err
	}
	if err := env.readable(); err != nil {
		return nil, err
	}
	p := &program{env: env, args: args, added: map[string][]string{}}
	if p.cache, err = overlay.Open(); err != nil {
		return nil, err
	}
	p.cache.Trim()
	user, err := env.userOverlay(args)
	if err != nil {
		return nil, err
	}
	p.set = overlay.New(user)
	flags, err := p.goFlags(args.listFlags())
	if err != nil {
		return nil, err
	}
	cfg.Dir, cfg.Patterns, cfg.Flags = env.dir, args.packages, flags
	p.loaded, err = load.Run(ctx, cfg, lift.Analyzer)
	if err != nil {
		return nil, env.explainWords(env.outside(env.shorten(err)), args.packages)
	}
	for _, pkg := range p.loaded.Packages {
		if strings.Contains(pkg.ID, " [") || strings.HasSuffix(pkg.Path, "_test") {
			continue // the overlay adds to the package as it is without its tests
		}
		p.pkgs = append(p.pkgs, &packageOf{pkg, pkg.Results[effect.Analyzer].(*effect.Result), pkg.Results[lift.Analyzer].(*lift.Package)})
	}
	return p, p.refuseEjected()
}

// requireRuntime adds go.mod files under which emitted code finds its runtime.
func (p *program) requireRuntime() error {
	modules, err := p.env.modules(p.args)
	if err != nil {
		return err
	}
	rt, err := ownRuntime()
	if err != nil && !p.requiresRuntime(modules) {
		return err
	}
	changed, err := p.set.Require(modules, rt)
	if err != nil {
		return err
	}
	if changed && modules.Vendor {
		// The vendored modules are directories now; -mod=vendor would ask
		// vendor/modules.txt, which knows nothing of Fluxo.
		p.args = p.args.clone()
		p.args.set("mod", "readonly")
	}
	return nil
}

// requiresRuntime reports whether every main module requires Fluxo by itself.
func (p *program) requiresRuntime(m overlay.Modules) bool {
	for _, name := range m.Files {
		if text, err := p.set.ReadFile(name); err != nil || !strings.Contains(string(text), overlay.Path+" ") {
			return false
		}
	}
	return !m.Vendor
}

// goFlags returns flags with the overlay as it is now in place of the user's.
func (p *program) goFlags(flags []string) ([]string, error) {
	a, err := parseArguments("build", flags)
	if err != nil {
		return nil, err
	}
	if mod, ok := p.args.get("mod"); ok {
		a.set("mod", mod)
	}
	if p.set.Empty() {
		return a.words(), nil
	}
	file, err := p.set.Write(p.cache)
	if err != nil {
		return nil, err
	}
	a.set("overlay", file)
	return a.words(), nil
}

// refuse prints what is wrong with the program; an error if anything is.
func (p *program) refuse(stderr io.Writer) error {
	wrong := 0
	for _, d := range p.loaded.Diagnostics() {
		if !diag.Code(d.Category).IsNote() {
			wrong++
			fmt.Fprintln(stderr, p.line(d))
		}
	}
	if wrong > 0 {
		return exitError(1)
	}
	return nil
}

// line is a diagnostic as people and editors read it.
func (p *program) line(d load.Diagnostic) string {
	pos := d.Position
	pos.Filename = p.env.short(pos.Filename)
	return fmt.Sprintf("%s: %s", pos, d.Message)
}

// put adds a file of emitted code to the overlay.
func (p *program) put(dir, name string, text []byte) error {
	if !p.required {
		if err := p.requireRuntime(); err != nil {
			return err
		}
		p.required = true
	}
	full := filepath.Join(dir, name)
	if p.set.Exists(full) {
		return p.ejected(full)
	}
	p.set.Put(full, text)
	p.added[dir] = append(p.added[dir], name)
	return nil
}

// ejected is the error for a file that is there already and that Fluxo would add.
func (p *program) ejected(full string) error {
	return fmt.Errorf("%s exists already, as fluxo eject writes it: build with the go command, or remove the ejected files and restore what they were made from", p.env.short(full))
}

// command returns the words of the go command that builds the program.
func (p *program) command(name string) ([]string, error) {
	flags, err := p.goFlags(p.args.words())
	if err != nil {
		return nil, err
	}
	words := append([]string{name}, flags...)
	return append(append(words, p.packageWords()...), p.args.rest...), nil
}

// packageWords returns the packages to build. Where they are named by their files, those
// added to the package belong to them.
func (p *program) packageWords() []string {
	words := slices.Clone(p.args.packages)
	if len(words) == 0 || !strings.HasSuffix(words[0], ".go") {
		return words
	}
	dir := filepath.Dir(words[0])
	abs := dir
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(p.env.dir, dir)
	}
	for _, name := range p.added[abs] {
		words = append(words, filepath.Join(dir, name))
	}
	return words
}

// has reports whether a file exists on disk.
func has(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
