package command

// What the go command says of the place it runs in.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
	"fluxo.dev/fluxo/cmd/fluxo/internal/overlay"
)

// goEnv is the part of go env that matters here.
type goEnv struct {
	GOFLAGS, GOMOD, GOWORK, GOEXE, GOVERSION string

	dir string // where commands run
}

func readGoEnv(ctx context.Context) (*goEnv, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	e := &goEnv{dir: dir}
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOFLAGS", "GOMOD", "GOWORK", "GOEXE", "GOVERSION")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errors.New("the go command is not in PATH; install Go from https://go.dev/dl")
	}
	if err != nil {
		return nil, fmt.Errorf("go env: %w\n%s", err, stderr.String())
	}
	if err := json.Unmarshal(out, e); err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	if !e.inModule() && !e.inWorkspace() {
		return nil, noModule(e.dir)
	}
	return e, nil
}

func (e *goEnv) inModule() bool { return e.GOMOD != "" && e.GOMOD != os.DevNull }

func (e *goEnv) inWorkspace() bool { return e.GOWORK != "" && e.GOWORK != "off" }

// flag returns a flag of the command line, or else of GOFLAGS.
func (e *goEnv) flag(a *arguments, name string) string {
	if v, ok := a.get(name); ok {
		return v
	}
	from, err := parseArguments("build", splitFlags(e.GOFLAGS))
	if err != nil {
		return ""
	}
	v, _ := from.get(name)
	return v
}

// modules returns the main modules of the build.
func (e *goEnv) modules(a *arguments) (overlay.Modules, error) {
	m := overlay.Modules{}
	if e.inWorkspace() {
		m.Work = e.GOWORK
		text, err := os.ReadFile(m.Work)
		if err != nil {
			return m, err
		}
		w, err := modfile.ParseWork(m.Work, text, nil)
		if err != nil {
			return m, err
		}
		for _, u := range w.Use {
			dir := filepath.FromSlash(u.Path)
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(filepath.Dir(m.Work), dir)
			}
			m.Files = append(m.Files, filepath.Join(dir, "go.mod"))
		}
		m.Vendor, err = e.vendors(a, filepath.Dir(m.Work), w.Go)
		return m, err
	}
	m.Files = []string{e.GOMOD}
	if file := e.flag(a, "modfile"); file != "" {
		if !filepath.IsAbs(file) {
			file = filepath.Join(e.dir, file)
		}
		m.Files[0] = file
	}
	text, err := os.ReadFile(m.Files[0])
	if err != nil {
		return m, err
	}
	f, err := modfile.ParseLax(m.Files[0], text, nil)
	if err != nil {
		return m, err
	}
	m.Vendor, err = e.vendors(a, filepath.Dir(e.GOMOD), f.Go)
	return m, err
}

// vendors reports whether the go command takes packages from root's vendor
// directory: if told so, or by default where there is one.
func (e *goEnv) vendors(a *arguments, root string, goLine *modfile.Go) (bool, error) {
	switch e.flag(a, "mod") {
	case "vendor":
		return true, nil
	case "mod", "readonly":
		return false, nil
	}
	_, err := os.Stat(filepath.Join(root, "vendor", "modules.txt"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && goLine != nil && !slices.Contains([]string{"1.11", "1.12", "1.13"}, goLine.Version), err
}

// userOverlay reads the user's own overlay; nil if there is none.
func (e *goEnv) userOverlay(a *arguments) (map[string]string, error) {
	name := e.flag(a, "overlay")
	if name == "" {
		return nil, nil
	}
	return overlay.Read(name, e.dir)
}

// short prints a file name as the go command does: relative where that is shorter.
func (e *goEnv) short(name string) string {
	rel, err := filepath.Rel(e.dir, name)
	if err != nil || len(rel) >= len(name) {
		return name
	}
	if !strings.HasPrefix(rel, "..") {
		return "." + string(filepath.Separator) + rel
	}
	return rel
}

// shorten shortens the file names in what is wrong with a program.
func (e *goEnv) shorten(err error) error {
	var broken *load.Error
	if !errors.As(err, &broken) {
		return err
	}
	for i, problem := range broken.Problems {
		if rest, ok := strings.CutPrefix(problem, e.dir+string(filepath.Separator)); ok {
			broken.Problems[i] = "." + string(filepath.Separator) + rest
		}
	}
	return err
}
