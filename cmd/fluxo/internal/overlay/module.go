package overlay

// go.mod and go.work files that know Fluxo, for the one build: a project need not
// have run fluxo init.

import (
	"fmt"
	"go/version"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// Path is the module that emitted code imports, CommandPath that of the command.
const (
	Path        = "fluxo.dev/fluxo"
	CommandPath = "fluxo.dev/fluxo/cmd/fluxo"
)

// loopVersion is the language version since which loops make a new variable for
// each iteration. Raising a module across it would change what it means.
const loopVersion = "go1.22"

// A Runtime says where the module that emitted code imports comes from.
type Runtime struct {
	Dir     string // a clone; "" for a published version
	Version string // v0.0.0 for a clone
}

// A Modules is the modules of a build.
type Modules struct {
	Files  []string // go.mod of each main module
	Work   string   // go.work; "" outside workspaces
	Vendor bool     // packages come from a vendor directory
}

// Require sees that every main module of the build can import Fluxo's runtime.
// It reports whether the set has changed.
func (s *Set) Require(m Modules, rt Runtime) (changed bool, err error) {
	missing := false
	files := make([]*modfile.File, len(m.Files))
	for i, name := range m.Files {
		if files[i], err = s.modFile(name); err != nil {
			return false, err
		}
		if files[i].Module == nil {
			return false, fmt.Errorf("%s has no module line: run go mod init", name)
		}
		if files[i].Module.Mod.Path == Path {
			return false, nil // the workspace is Fluxo's own
		}
		missing = missing || requirement(files[i]) == ""
	}
	if m.Vendor {
		return s.requireVendored(m, files, rt)
	}
	if !missing {
		return false, nil
	}
	own, err := s.runtimeFile(rt)
	if err != nil {
		return false, err
	}
	for i, name := range m.Files {
		if requirement(files[i]) != "" {
			continue
		}
		if err := require(files[i], own, rt); err != nil {
			return false, err
		}
		if err := s.putMod(name, files[i]); err != nil {
			return false, err
		}
		if err := s.addSums(name, rt); err != nil {
			return false, err
		}
	}
	return true, s.raiseWork(m.Work, own)
}

func (s *Set) modFile(name string) (*modfile.File, error) {
	text, err := s.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(name, text, nil)
}

func (s *Set) putMod(name string, f *modfile.File) error {
	f.Cleanup()
	text, err := f.Format()
	if err == nil {
		s.Put(name, text)
	}
	return err
}

// requirement returns the version of Fluxo that a module requires, "" if none.
func requirement(f *modfile.File) string {
	for _, r := range f.Require {
		if r.Mod.Path == Path {
			return r.Mod.Version
		}
	}
	return ""
}

// runtimeFile returns the go.mod of the runtime; nil for a published version,
// whose own requirements the go command finds by itself.
func (s *Set) runtimeFile(rt Runtime) (*modfile.File, error) {
	if rt.Dir == "" {
		return nil, nil
	}
	f, err := s.modFile(filepath.Join(rt.Dir, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("the source of Fluxo is not where this command was built from; build the command again: %w", err)
	}
	return f, nil
}

// require adds Fluxo to a module.
func require(f, own *modfile.File, rt Runtime) error {
	if err := f.AddRequire(Path, rt.Version); err != nil {
		return err
	}
	if own == nil {
		return nil
	}
	if err := f.AddReplace(Path, "", rt.Dir, ""); err != nil {
		return err
	}
	for _, r := range own.Require {
		if err := raise(f, r.Mod); err != nil {
			return err
		}
	}
	return raiseGo(f, own)
}

// raise sees that f requires at least that version of a module.
func raise(f *modfile.File, m module.Version) error {
	for _, r := range f.Require {
		if r.Mod.Path == m.Path && semver.Compare(r.Mod.Version, m.Version) >= 0 {
			return nil
		}
	}
	return f.AddRequire(m.Path, m.Version)
}

// raiseGo raises a module to the Go version that Fluxo needs. What a program
// means stays: a line keeps the older version's settings, and a module of before the
// change of loops is refused.
func raiseGo(f, own *modfile.File) error {
	if own.Go == nil {
		return nil
	}
	old := "1.16" // what the go command takes a missing line for
	if f.Go != nil {
		old = f.Go.Version
	}
	if version.Compare("go"+old, "go"+own.Go.Version) >= 0 {
		return nil
	}
	if version.Compare("go"+old, loopVersion) < 0 {
		return fmt.Errorf("%s says go %s, Fluxo needs go %s, and loops have changed their meaning in between (https://go.dev/blog/loopvar-preview): run\n\n\tgo mod edit -go=%s\n\nand your tests, then try again",
			f.Syntax.Name, old, own.Go.Version, own.Go.Version)
	}
	if err := f.AddGoStmt(own.Go.Version); err != nil {
		return err
	}
	for _, g := range f.Godebug {
		if g.Key == "default" {
			return nil
		}
	}
	return f.AddGodebug("default", version.Lang("go"+old))
}

// raiseWork raises go.work to the Go version of its modules.
func (s *Set) raiseWork(name string, own *modfile.File) error {
	if name == "" || own == nil || own.Go == nil {
		return nil
	}
	text, err := s.ReadFile(name)
	if err != nil {
		return err
	}
	w, err := modfile.ParseWork(name, text, nil)
	if err != nil {
		return err
	}
	if w.Go != nil && version.Compare("go"+w.Go.Version, "go"+own.Go.Version) >= 0 {
		return nil
	}
	if err := w.AddGoStmt(own.Go.Version); err != nil {
		return err
	}
	w.Cleanup()
	s.Put(name, modfile.Format(w.Syntax))
	return nil
}

// addSums adds what a clone's own requirements sum to.
func (s *Set) addSums(mod string, rt Runtime) error {
	if rt.Dir == "" {
		return nil
	}
	more, err := s.ReadFile(filepath.Join(rt.Dir, "go.sum"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	name := filepath.Join(filepath.Dir(mod), "go.sum")
	had, err := s.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if len(had) > 0 && had[len(had)-1] != '\n' {
		had = append(had, '\n')
	}
	s.Put(name, append(had, more...))
	return nil
}
