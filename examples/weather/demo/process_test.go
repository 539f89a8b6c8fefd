package main

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// The test binary stands in for a server: it says what it is told to, and goes on until it is stopped or not.
func TestMain(m *testing.M) {
	switch say := os.Getenv("DEMO_TEST_SAY"); say {
	case "":
		os.Exit(m.Run())
	case "nothing is free":
		os.Stderr.WriteString("one\n" + say + "\n")
		os.Exit(1)
	default:
		os.Stderr.WriteString("one\n" + say + "\n")
		told := make(chan os.Signal, 1)
		signal.Notify(told, syscall.SIGTERM)
		<-told
	}
}

func TestProcesses(t *testing.T) {
	var p processes
	start := func(say string) (*process, string, error) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "DEMO_TEST_SAY="+say)
		return p.start(context.Background(), filepath.Join(t.TempDir(), "log"), cmd, regexp.MustCompile(`http://[^ ]+`))
	}
	child, url, err := start("at http://localhost:1 now")
	if err != nil || url != "http://localhost:1" {
		t.Fatalf("%q, %v", url, err)
	}
	child.end(syscall.SIGTERM)
	select {
	case <-child.exited:
	default:
		t.Error("it goes on")
	}
	if _, _, err := start("nothing is free"); err == nil || !strings.Contains(err.Error(), "ended: nothing is free") {
		t.Errorf("a server that ends at once: %v", err)
	}
	p.stop() // of what has ended
}

// The copy has no plan, and finds Fluxo wherever it lies.
func TestWorkshop(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	w, err := newWorkshop("fluxo", "..", dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"weather.go": true, "static/page.css": true, "go.mod": true, "fluxo.plan": false, "demo": false, "weather_test.go": false} {
		if _, err := os.Stat(w.file(name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	list := exec.Command("go", "list", "-deps", ".")
	list.Dir, list.Env = dir, append(os.Environ(), "GOWORK=off")
	if out, err := list.CombinedOutput(); err != nil || !strings.Contains(string(out), "fluxo.dev/fluxo\n") {
		t.Errorf("%v: %s", err, out)
	}
}
