package control

import (
	"path/filepath"
	"strings"
	"testing"

	"fluxo.dev/fluxo/rt"
)

func TestMeasured(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s.sock")
	if err := start("example.com/shop", socket); err != nil {
		t.Fatal(err)
	}
	if status, text := ask(t, socket, "GET", "/profile", ""); status != 409 || !strings.Contains(text, "FLUXO_PROFILE") {
		t.Errorf("a process that does not observe itself: %d %q", status, text)
	}
	rt.Embed("", "")
	if status, text := ask(t, socket, "GET", "/profile", ""); status != 200 || !strings.Contains(text, `"fluxo profile 1"`) {
		t.Errorf("%d %q", status, text)
	}
	if status, text := ask(t, socket, "GET", "/statistics", ""); status != 200 || !strings.Contains(text, `"MostEarly": 1024`) {
		t.Errorf("%d %q", status, text)
	}
	if status, text := ask(t, socket, "GET", "/metrics", ""); status != 200 || !strings.Contains(text, "\nfluxo_early_most 1024\n") {
		t.Errorf("%d %q", status, text)
	}
}
