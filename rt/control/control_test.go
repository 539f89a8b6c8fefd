package control

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ask sends a request to the socket.
func ask(t *testing.T, socket, method, path, body string) (int, string) {
	t.Helper()
	c := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	req, err := http.NewRequestWithContext(t.Context(), method, "http://service"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestWhatCanBeAsked(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s.sock")
	if err := start("example.com/shop", socket); err != nil {
		t.Fatal(err)
	}
	for _, q := range []struct {
		method, path string
		status       int
		says         string
		body         string
	}{
		{"GET", "/trace?for=99h", 400, "up to 1h", ""},
		{"GET", "/trace", 400, "a time", ""},
		{"GET", "/trace?for=1ms", 200, "fluxo trace", ""}, // there is no flow at all here
		{"GET", "/nothing", 404, "", ""},
		{"GET", "/plan", 200, `"Version": 1,`, ""},
		{"POST", "/plan", 422, "plan:1:1", "no plan"},
		{"POST", "/plan?version=1&name=x.plan", 422, "x.plan:2", "fluxo 1\nmemory none\n"},
		{"POST", "/plan?version=1", 200, `"Version": 2,`, "fluxo 1\nmemory 1MiB\n"},
		{"POST", "/plan?version=1", 409, "changed meanwhile", "fluxo 1\n"},
		{"POST", "/plan?version=one", 422, "the number that GET /plan says", "fluxo 1\n"},
		{"POST", "/plan?share=ten", 422, "per cent", "fluxo 1\n"},
		{"POST", "/plan?share=10&for=soon", 422, "2m", "fluxo 1\n"},
		{"POST", "/plan?share=0&for=1m", 422, "between 0 and 100%", "fluxo 1\n"},
		{"GET", "/plan", 200, `memory 1MiB\n`, ""},
		{"POST", "/plan/off", 422, "which decision", ""},
		{"POST", "/plan/off?flow=f.F&line=store+A", 422, "no such decision", ""},
		{"POST", "/plan/off?flow=f.F&line=store+A&version=1", 409, "changed meanwhile", ""},
		{"DELETE", "/plan/trial", 404, "no plan is being tried", ""},
		{"POST", "/clock", 400, "90s", ""},
		{"POST", "/clock?ahead=-1s", 400, "ahead only", ""},
		{"POST", "/clock?ahead=2000000h", 400, "at most", ""},
		{"GET", "/clock?ahead=1s", 405, "", ""},
		{"POST", "/clock?ahead=48h", 200, time.Now().Add(48 * time.Hour).UTC().Format("2006-"), ""},
	} {
		status, text := ask(t, socket, q.method, q.path, q.body)
		if status != q.status || !strings.Contains(text, q.says) {
			t.Errorf("%s %s: %d %q, want %d and %q", q.method, q.path, status, text, q.status, q.says)
		}
	}
	info, err := os.Stat(socket)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket is open to others: %v, %v", info.Mode(), err)
	}
}

func TestDirectoryOfOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "fluxo")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := own(dir); err == nil || !strings.Contains(err.Error(), Environment) {
		t.Errorf("%v", err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	if err := own(link); err == nil {
		t.Error("a link is taken for a directory of one's own")
	}
	if err := own(filepath.Join(t.TempDir(), "new")); err != nil {
		t.Error(err)
	}
}
