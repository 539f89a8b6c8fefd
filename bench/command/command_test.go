package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRootIsTheRepository(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(root, "go.mod")); err != nil || !strings.HasPrefix(string(text), "module fluxo.dev/fluxo\n") {
		t.Errorf("%s is not the repository: %v", root, err)
	}
}

func TestBuildSaysWhatTheCompilerSays(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/x\n\ngo 1.26.0\n", "main.go": "package main\n\nfunc main() { missing() }\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := Build("go", dir, filepath.Join(dir, "x")); err == nil || !strings.Contains(err.Error(), "undefined: missing") {
		t.Errorf("Build of a broken program: %v", err)
	}
}
