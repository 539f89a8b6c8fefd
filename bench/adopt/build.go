package adopt

// The programs under test, built from the sources beside this module.

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Build builds the shop as written and as planned into dir.
func Build(dir string) (plain, planned string, err error) {
	root, err := run("", "go", "list", "-m", "-f", "{{.Dir}}", "fluxo.dev/fluxo")
	if err != nil {
		return "", "", err
	}
	shop := filepath.Join(root, "examples", "adopt")
	fluxo := filepath.Join(dir, "fluxo")
	plain, planned = filepath.Join(dir, "plain"), filepath.Join(dir, "planned")
	for _, b := range []struct{ in, program, out string }{
		{filepath.Join(root, "cmd", "fluxo"), "go", fluxo},
		{shop, "go", plain},
		{shop, fluxo, planned},
	} {
		if _, err := run(b.in, b.program, "build", "-o", b.out, "."); err != nil {
			return "", "", err
		}
	}
	return plain, planned, nil
}

// run returns what a command prints.
func run(dir, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	var errs bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s in %s: %w\n%s", program, strings.Join(args, " "), dir, err, errs.String())
	}
	return strings.TrimSpace(string(out)), nil
}
