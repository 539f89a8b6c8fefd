package effect_test

// The pass says the same under go vet -vettool and multichecker as under our
// own driver. The test binary plays the tools.

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"golang.org/x/tools/go/analysis/multichecker"
	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/txtar"
)

func TestMain(m *testing.M) {
	switch os.Getenv("FLUXO_TEST_TOOL") {
	case "unitchecker":
		unitchecker.Main(effect.Analyzer)
	case "multichecker":
		multichecker.Main(effect.Analyzer)
	}
	os.Exit(m.Run())
}

// message finds a diagnostic's place and code in a driver's output.
var message = regexp.MustCompile(`(\w+\.go:\d+:\d+): (FX\d+)`)

func TestOtherDrivers(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"testdata/steps.txtar", "testdata/handlers.txtar"}
	dir := t.TempDir()
	var want []string
	for _, a := range unpackAll(t, dir, names) {
		want = append(want, found(section(a, "diagnostics"))...)
	}
	slices.Sort(want)
	for tool, command := range map[string][]string{
		"unitchecker":  {"go", "vet", "-vettool=" + self, "./..."},
		"multichecker": {self, "./..."},
	} {
		t.Run(tool, func(t *testing.T) {
			cmd := exec.Command(command[0], command[1:]...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "FLUXO_TEST_TOOL="+tool)
			out, err := cmd.CombinedOutput()
			if err == nil {
				t.Error("nothing was reported")
			}
			if got := found(string(out)); !slices.Equal(got, want) {
				t.Errorf("%s says\n%s\nwant\n%s\noutput:\n%s", tool, strings.Join(got, "\n"), strings.Join(want, "\n"), out)
			}
		})
	}
}

func found(text string) []string {
	var all []string
	for _, m := range message.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1]+" "+m[2])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}
