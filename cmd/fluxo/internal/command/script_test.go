package command

// Scripts in testdata/script, run with the real go command. Each finds a program
// in the directory app that asks the same question twice: the step runs twice as
// written (the file plain is the output), and once under the plan (planned).

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/goproxytest"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"fluxo": func() {
			if IsVetTool(os.Args[1:]) {
				VetTool()
			}
			os.Exit(Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	goEnv := func(name string) string {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out[:len(out)-1])
	}
	shared := map[string]string{
		"GOCACHE": goEnv("GOCACHE"), "GOMODCACHE": goEnv("GOMODCACHE"), "GOROOT": goEnv("GOROOT"),
		"XDG_CACHE_HOME": filepath.Join(t.TempDir(), "cache"),
	}
	proxy, err := goproxytest.NewServer("testdata/mod", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Condition: func(name string) (bool, error) {
			if name != "cgo" {
				return false, fmt.Errorf("unknown condition %s", name)
			}
			_, err := exec.LookPath("gcc")
			return err == nil && goEnv("CGO_ENABLED") == "1", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"freeport": freePort, "get": get},
		Setup: func(env *testscript.Env) error {
			for name, value := range shared {
				env.Setenv(name, value)
			}
			env.Setenv("SOURCE", root)
			env.Setenv("GOPROXY", "off")
			env.Setenv("PROXY", proxy.URL)
			env.Setenv("GOFLAGS", "")
			env.Setenv("GOWORK", "")
			env.Setenv("GOTOOLCHAIN", "local")
			return copyApp(filepath.Join(env.WorkDir, "app"))
		},
	})
}

// copyApp copies the files of testdata/app that the script does not have itself.
func copyApp(dir string) error {
	files, err := filepath.Glob("testdata/app/*")
	if err != nil {
		return err
	}
	for _, name := range files {
		to := filepath.Join(dir, filepath.Base(name))
		if has(to) {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := writeOver(to, text); err != nil {
			return err
		}
	}
	return nil
}

// freePort sets a variable to a port that nobody listens on: freeport NAME.
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.Listen("tcp", "localhost:0")
	ts.Check(err)
	ts.Check(ln.Close())
	_, port, err := net.SplitHostPort(ln.Addr().String())
	ts.Check(err)
	ts.Setenv(args[0], port)
}

// get asks for a URL until somebody answers, and prints the answer: get URL.
func get(ts *testscript.TestScript, _ bool, args []string) {
	deadline := time.Now().Add(time.Minute)
	for {
		resp, err := http.Get(args[0])
		if err == nil {
			text, err := io.ReadAll(resp.Body)
			ts.Check(errors.Join(err, resp.Body.Close()))
			_, err = fmt.Fprintf(ts.Stdout(), "%d %s", resp.StatusCode, text)
			ts.Check(err)
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s: %v", args[0], err)
		}
		runtime.Gosched()
	}
}
