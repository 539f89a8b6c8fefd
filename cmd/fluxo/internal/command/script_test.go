package command

// Scripts in testdata/script, run with the real go command. Each finds a program
// in the directory app that asks the same question twice: the step runs twice as
// written (the file plain is the output), and once under the plan (planned).

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

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
		Setup: func(env *testscript.Env) error {
			for name, value := range shared {
				env.Setenv(name, value)
			}
			env.Setenv("SOURCE", root)
			env.Setenv("GOPROXY", "off")
			env.Setenv("GOFLAGS", "")
			env.Setenv("GOWORK", "")
			env.Setenv("GOTOOLCHAIN", "local")
			return os.CopyFS(filepath.Join(env.WorkDir, "app"), os.DirFS("testdata/app"))
		},
	})
}
