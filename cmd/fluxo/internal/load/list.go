package load

// The go command is asked what the program consists of.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Listed is what go list says of a package.
type Listed struct {
	ImportPath string
	Name       string
	Dir        string
	Standard   bool
	DepOnly    bool
	ForTest    string
	Export     string
	GoFiles    []string
	CgoFiles   []string
	OtherFiles []string `json:"-"`
	Imports    []string
	ImportMap  map[string]string
	Module     *Module
	Error      *ListError
}

// A Module is what go list says of a module.
type Module struct {
	Path      string
	Version   string
	Main      bool
	Dir       string
	GoVersion string
	Replace   *Module
}

// A ListError is what is wrong with a package.
type ListError struct {
	Pos string
	Err string
}

const listFields = "ImportPath,Name,Dir,Standard,DepOnly,ForTest,GoFiles,CgoFiles,Imports,ImportMap,Module,Error"

// list lists the packages of the patterns and all that they import, each after
// its imports.
func list(ctx context.Context, cfg Config) ([]Listed, error) {
	args := []string{"-e", "-deps", "-json=" + listFields}
	if cfg.Tests {
		args = append(args, "-test")
	}
	patterns := cfg.Patterns
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	all, err := goList(ctx, cfg, append(args, "--"), patterns)
	if err != nil {
		return nil, err
	}
	var broken Error
	for _, p := range all {
		if p.Error != nil && (!p.DepOnly || p.Name == "") {
			broken.add(p.Error.Pos, p.Error.Err)
		}
	}
	return all, broken.orNil("the program cannot be loaded")
}

// exports asks for the export data of packages, which builds what is not built yet.
func (l *loader) exports(ctx context.Context, paths []string) error {
	all, err := goList(ctx, l.cfg, []string{"-e", "-export", "-json=ImportPath,Export,Error", "--"}, paths)
	if err != nil {
		return err
	}
	var broken Error
	for _, p := range all {
		if p.Error != nil {
			broken.add(p.Error.Pos, p.Error.Err)
		}
		if known := l.byID[p.ImportPath]; known != nil {
			known.Export = p.Export
		}
	}
	return broken.orNil("an imported package cannot be built")
}

func goList(ctx context.Context, cfg Config, args, patterns []string) ([]Listed, error) {
	args = append(append(append([]string{"list"}, cfg.Flags...), args...), patterns...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if ctx.Err() == nil && errors.As(err, &exit) {
			broken := Error{What: "go list failed"}
			for _, line := range strings.Split(strings.TrimSpace(errs.String()), "\n") {
				broken.add("", line)
			}
			return nil, &broken
		}
		return nil, fmt.Errorf("running go list: %w", errors.Join(ctx.Err(), err))
	}
	var all []Listed
	for dec := json.NewDecoder(&out); ; {
		var p Listed
		if err := dec.Decode(&p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading what go list says: %w", err)
		}
		all = append(all, p)
	}
}

// Editable reports whether the package's files belong to the author: they lie in a
// main module, or in one that is replaced by a directory.
func (p *Listed) Editable() bool {
	m := p.Module
	switch {
	case p.Standard || m == nil:
		return !p.Standard && p.Name != ""
	case m.Path == "fluxo.dev/fluxo":
		return m.Main
	}
	return m.Main || m.Replace != nil && m.Replace.Version == "" && !strings.Contains(p.Dir, string(filepath.Separator)+"vendor"+string(filepath.Separator))
}

// files returns the absolute names of the package's Go files.
func (p *Listed) files() []string {
	var names []string
	for _, list := range [][]string{p.GoFiles, p.CgoFiles} {
		for _, f := range list {
			if !filepath.IsAbs(f) {
				f = filepath.Join(p.Dir, f)
			}
			names = append(names, f)
		}
	}
	return names
}

// module is the package's module as analyzers see it; one that the author can
// edit has no version.
func (p *Listed) module() *analysis.Module {
	if p.Module == nil {
		return nil
	}
	m := &analysis.Module{Path: p.Module.Path, Version: p.Module.Version, GoVersion: p.Module.GoVersion}
	if p.Editable() {
		m.Version = ""
	}
	return m
}

// environ is the environment that the go command runs in.
func (cfg Config) environ() []string {
	if cfg.Env != nil {
		return cfg.Env
	}
	return os.Environ()
}
