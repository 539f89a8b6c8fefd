package command

// Where the runtime lies that this command was built with.

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"fluxo.dev/fluxo/cmd/fluxo/internal/overlay"
)

// ownRuntime returns the clone that this command was built from, or the version that was published.
func ownRuntime() (overlay.Runtime, error) {
	if _, file, _, ok := runtime.Caller(0); ok && filepath.IsAbs(file) {
		dir := strings.TrimSuffix(filepath.ToSlash(filepath.Dir(file)), "/cmd/fluxo/internal/command")
		if _, err := os.Stat(filepath.Join(dir, "rt", "rt.go")); err == nil {
			if v := publishedVersion(); v != "" {
				return overlay.Runtime{Version: v}, nil
			}
			return overlay.Runtime{Dir: filepath.FromSlash(dir), Version: "v0.0.0"}, nil
		}
	}
	if v := publishedVersion(); v != "" {
		return overlay.Runtime{Version: v}, nil
	}
	return overlay.Runtime{}, errors.New("this command does not know where Fluxo's source lies: it was built with -trimpath, or its clone was moved; run go install in the clone's cmd/fluxo")
}

// publishedVersion returns the version of the runtime that this command was built
// with; "" if it came from a directory.
func publishedVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, d := range info.Deps {
		if d.Path == overlay.Path && d.Replace == nil && semver.IsValid(d.Version) && !module.IsPseudoVersion(d.Version) && d.Version != "v0.0.0" {
			return d.Version
		}
	}
	return ""
}
