package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
)

// build builds a package of the repository, whose root is given, by a command such as go build.
func build(t *testing.T, dir, pkg, name string, command ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	cmd := exec.Command(command[0], append(command[1:], "-o", out, pkg)...)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", name, err, text)
	}
	return out
}

var listens = regexp.MustCompile(`http://[0-9.]+:\d+`)

// start starts a program and returns the URL at which it says that it listens.
func start(t *testing.T, env []string, name string, args ...string) (url string, cmd *exec.Cmd) {
	t.Helper()
	cmd = exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url = listens.FindString(lines.Text()); url != "" {
			go io.Copy(io.Discard, out)
			return url, cmd
		}
	}
	t.Fatalf("%s ended without saying where it listens", name)
	return "", nil
}

// providers starts the example's providers, without latencies but with their errors left to chance.
func providers(t *testing.T, begin string) (env []string) {
	url, _ := start(t, nil, build(t, "../../..", "./examples/weather/providers", "providers", "go", "build"), "-addr", "127.0.0.1:0", "-latency", "0", "-start", begin)
	for _, role := range []string{"GEOCODER", "POINTS", "STATIONS", "FORECASTS", "WARNINGS"} {
		env = append(env, "WEATHER_"+role+"="+url)
	}
	return env
}
