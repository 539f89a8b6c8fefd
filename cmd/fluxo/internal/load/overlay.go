package load

// The user's own overlay (-overlay in flags or GOFLAGS) stands in front of the
// files on disk for us as it does for the go command.

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// An Overlay maps absolute file names to the files that replace them; "" means
// that the file does not exist.
type Overlay map[string]string

// ReadFile reads a file through the overlay.
func (o Overlay) ReadFile(name string) ([]byte, error) {
	if with, ok := o[filepath.Clean(name)]; ok {
		if with == "" {
			return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrNotExist}
		}
		name = with
	}
	return os.ReadFile(name)
}

func readOverlay(cfg Config) (Overlay, error) {
	name := overlayFlag(cfg.Flags)
	if name == "" {
		flags, err := goFlags(cfg)
		if err != nil {
			return nil, err
		}
		name = overlayFlag(flags)
	}
	if name == "" {
		return nil, nil
	}
	name = absolute(cfg.Dir, name)
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("the overlay cannot be read: %w", err)
	}
	var file struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("the overlay %s is not what go build -overlay takes: %w", name, err)
	}
	o := Overlay{}
	for from, to := range file.Replace {
		if to != "" {
			to = absolute(cfg.Dir, to)
		}
		o[absolute(cfg.Dir, from)] = to
	}
	return o, nil
}

// goFlags returns GOFLAGS, wherever it is set.
func goFlags(cfg Config) ([]string, error) {
	for _, e := range cfg.environ() {
		if v, ok := strings.CutPrefix(e, "GOFLAGS="); ok && v != "" {
			return strings.Fields(v), nil
		}
	}
	cmd := exec.CommandContext(context.Background(), "go", "env", "GOFLAGS")
	cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("running go env: %w", err)
	}
	return strings.Fields(string(out)), nil
}

func overlayFlag(flags []string) string {
	name := ""
	for i, f := range flags {
		f = strings.TrimPrefix(strings.TrimPrefix(f, "-"), "-")
		if v, ok := strings.CutPrefix(f, "overlay="); ok {
			name = v
		} else if f == "overlay" && i+1 < len(flags) {
			name = flags[i+1]
		}
	}
	return name
}

func absolute(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	abs, err := filepath.Abs(filepath.Join(dir, name))
	if err != nil {
		return filepath.Join(dir, name)
	}
	return abs
}
