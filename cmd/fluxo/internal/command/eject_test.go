package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fluxo.dev/fluxo/cmd/fluxo/internal/overlay"
)

func TestEjectWritesAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(at("a.go"), []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(at("c.go"), 0o777); err != nil { // so that no file can be written there
		t.Fatal(err)
	}
	p := &program{set: overlay.New(nil)}
	for _, name := range []string{"a.go", "b.go", "c.go"} {
		p.set.Put(at(name), []byte("after"))
	}
	if err := p.writeAll(); err == nil || !strings.HasSuffix(err.Error(), "; every file is as it was") {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(at("a.go")); err != nil || string(text) != "before" {
		t.Errorf("a.go has %q, %v", text, err)
	}
	if has(at("b.go")) {
		t.Error("b.go is left")
	}
}
