package tool

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPlacesNameFunctionsAsGoDoes(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "polls", "polls.go")
	text := `package polls

// Show shows.
//
//fluxo:get /polls/{id}
func (a *App) Show() {
}

func (a App) helper() {}

func main() {}
`
	if err := os.Mkdir(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	all, err := readPlaces(dir, "example.com/corpus")
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[int]string{
		1: "", 3: "(*example.com/corpus/polls.App).Show", 5: "(*example.com/corpus/polls.App).Show", 7: "(*example.com/corpus/polls.App).Show",
		8: "", 9: "(example.com/corpus/polls.App).helper", 11: "example.com/corpus/polls.main",
	} {
		if name, ok := all.at(file, line); name != want || ok != (want != "") {
			t.Errorf("line %d is in %q, want %q", line, name, want)
		}
	}
	if !all[0].trigger || all[1].trigger {
		t.Errorf("triggers: %+v", all)
	}
}

func TestProblemsAndNotes(t *testing.T) {
	m := problem.FindStringSubmatch("./ledger/ledger.go:78:4: FX203: a select waits for channels; fix: move it [fluxo help FX203]")
	if m == nil || m[1] != "./ledger/ledger.go" || m[2] != "78" {
		t.Errorf("a diagnostic is not taken for one: %q", m)
	}
	for _, line := range []string{"note: ./a.go:1:2: FX001: slow", "# example.com/corpus/ledger", "./a.go:3:4: undefined: x"} {
		if problem.MatchString(line) {
			t.Errorf("%q is taken for a diagnostic", line)
		}
	}
}
