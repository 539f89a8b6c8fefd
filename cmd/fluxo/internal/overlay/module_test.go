package overlay

// Modules that never heard of Fluxo, built with a file that imports it.

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

const added = "package main\n\nimport \"fluxo.dev/fluxo/rt\"\n\nfunc init() { print(len(rt.PartInt(7)), \" \") }\n"

// Each archive is a project; app is its main package, which prints "ok".
var projects = map[string]string{
	"module": `
-- app/go.mod --
module test/app

go 1.26.0
-- app/main.go --
package main

func main() { println("ok") }
`,
	"older language version keeps its meaning": `
-- app/go.mod --
module test/app

go 1.22
-- app/main.go --
package main

import "time"

func main() {
	t := time.NewTimer(0)
	if cap(t.C) == 1 { // as it was before go1.23
		println("ok")
	}
}
`,
	"workspace": `
-- go.work --
go 1.23

use (
	./app
	./lib
)
-- app/go.mod --
module test/app

go 1.23
-- app/main.go --
package main

import "test/lib"

func main() { println(lib.Word) }
-- lib/go.mod --
module test/lib

go 1.22
-- lib/lib.go --
package lib

const Word = "ok"
`,
	"vendor": `
-- app/go.mod --
module test/app

go 1.24

require (
	example.com/a v1.0.0
	example.com/a/b v1.0.0 // indirect
)

replace (
	example.com/a => ../a
	example.com/a/b v1.0.0 => ../b
)
-- app/main.go --
package main

import "example.com/a"

func main() { println(a.Word) }
-- a/go.mod --
module example.com/a

go 1.21

require example.com/a/b v1.0.0
-- a/a.go --
package a

import "example.com/a/b"

const Word = b.Word
-- b/go.mod --
module example.com/a/b
-- b/b.go --
package b

const Word = "ok"
`,
}

func TestModulesThatDoNotRequireFluxo(t *testing.T) {
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	for name, project := range projects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			extract(t, dir, project)
			app := filepath.Join(dir, "app")
			m := Modules{Files: []string{filepath.Join(app, "go.mod")}}
			if name == "workspace" {
				m.Work = filepath.Join(dir, "go.work")
				m.Files = append(m.Files, filepath.Join(dir, "lib", "go.mod"))
			}
			if name == "vendor" {
				m.Vendor = true
				goRun(t, app, "mod", "vendor")
				for _, source := range []string{"a", "b"} {
					if err := os.RemoveAll(filepath.Join(dir, source)); err != nil {
						t.Fatal(err)
					}
				}
			}
			s := New(nil)
			if changed, err := s.Require(m, Runtime{Dir: root, Version: "v0.0.0"}); err != nil || !changed {
				t.Fatalf("changed %v, %v", changed, err)
			}
			s.Put(filepath.Join(app, "fluxo_gen.go"), []byte(added))
			c, err := OpenAt(filepath.Join(dir, "cache"), time.Now)
			if err != nil {
				t.Fatal(err)
			}
			list, err := s.Write(c)
			if err != nil {
				t.Fatal(err)
			}
			if got := goRun(t, app, "run", "-mod=readonly", "-overlay="+list, "."); got != "2 ok" {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestOldLoopsAreRefused(t *testing.T) {
	dir := t.TempDir()
	extract(t, dir, "-- go.mod --\nmodule test/app\n\ngo 1.21\n-- fluxo/go.mod --\nmodule fluxo.dev/fluxo\n\ngo 1.26.0\n")
	_, err := New(nil).Require(Modules{Files: []string{filepath.Join(dir, "go.mod")}}, Runtime{Dir: filepath.Join(dir, "fluxo"), Version: "v0.0.0"})
	if err == nil || !strings.Contains(err.Error(), "go mod edit -go=1.26.0") {
		t.Error(err)
	}
}

func extract(t *testing.T, dir, archive string) {
	t.Helper()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func goRun(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=", "GOFLAGS=", "GOPROXY=off", "GONOSUMDB=*")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}
