package overlay

// Vendored builds. The go command reads vendor/modules.txt past the overlay and
// refuses packages that it does not list, so what emitted code imports cannot be
// added there. Instead the vendored modules become directories that go.mod replaces
// modules by: the same sources, from the same place, without the network.

import (
	"bufio"
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// A vendored module, as vendor/modules.txt has it.
type vendored struct{ path, goVersion string }

// requireVendored replaces every vendored module by its directory, and Fluxo by its own.
func (s *Set) requireVendored(m Modules, files []*modfile.File, rt Runtime) (bool, error) {
	root := filepath.Dir(m.Files[0])
	if m.Work != "" {
		root = filepath.Dir(m.Work)
	}
	dir := filepath.Join(root, "vendor")
	if s.Exists(filepath.Join(dir, filepath.FromSlash(Path), "rt", "rt.go")) {
		return false, nil
	}
	if rt.Dir == "" {
		return false, fmt.Errorf("%s does not hold Fluxo's runtime: import _ %q in the main package, then run go mod vendor", dir, Path+"/rt")
	}
	text, err := s.ReadFile(filepath.Join(dir, "modules.txt"))
	if err != nil {
		return false, fmt.Errorf("the build uses a vendor directory without a list of modules; run go mod vendor: %w", err)
	}
	own, err := s.runtimeFile(rt)
	if err != nil {
		return false, err
	}
	modules := parseModules(text)
	for _, v := range modules {
		if v.path != Path && v.path != CommandPath {
			s.Put(filepath.Join(dir, filepath.FromSlash(v.path), "go.mod"), v.goMod())
		}
	}
	for i, name := range m.Files {
		if err := vendorMod(files[i], modules, dir, own, rt); err != nil {
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

// vendorMod makes a go.mod refer to vendored modules by their directories.
func vendorMod(f *modfile.File, modules []vendored, dir string, own *modfile.File, rt Runtime) error {
	for _, r := range append([]*modfile.Replace(nil), f.Replace...) {
		if err := f.DropReplace(r.Old.Path, r.Old.Version); err != nil {
			return err
		}
	}
	for _, v := range modules {
		if v.path == Path || v.path == CommandPath {
			continue
		}
		if err := f.AddReplace(v.path, "", filepath.Join(dir, filepath.FromSlash(v.path)), ""); err != nil {
			return err
		}
	}
	if err := f.DropRequire(CommandPath); err != nil {
		return err
	}
	return require(f, own, rt)
}

// goMod is the go.mod that stands for the vendored module's own, which is not
// vendored. Only the language version matters in it.
func (v vendored) goMod() []byte {
	text := "module " + modfile.AutoQuote(v.path) + "\n"
	if v.goVersion != "" {
		text += "\ngo " + v.goVersion + "\n"
	}
	return []byte(text)
}

// parseModules reads vendor/modules.txt:
//
//	# example.com/m v1.2.3 [=> replacement]
//	## explicit; go 1.20
//	example.com/m/pkg
func parseModules(text []byte) []vendored {
	var all []vendored
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "## "):
			for _, word := range strings.Split(line[3:], ";") {
				if v, ok := strings.CutPrefix(strings.TrimSpace(word), "go "); ok && len(all) > 0 {
					all[len(all)-1].goVersion = v
				}
			}
		case strings.HasPrefix(line, "# "):
			fields := strings.Fields(line[2:])
			// A line without a version repeats a replacement for all versions.
			if len(fields) < 2 || fields[1] == "=>" || fields[0] == "workspace" {
				continue
			}
			all = append(all, vendored{path: fields[0]})
		}
	}
	return all
}
