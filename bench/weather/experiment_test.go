package weather

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fluxo.dev/fluxo/bench/command"
)

func TestTheBoardIsRenewedOnce(t *testing.T) {
	root, err := command.Root()
	if err != nil {
		t.Fatal(err)
	}
	example := filepath.Join(root, "examples", "weather")
	name, err := quietBoard(example, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var overlay struct{ Replace map[string]string }
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &overlay); err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(example, "country.go")
	was, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	is, err := os.ReadFile(overlay.Replace[source])
	if err != nil {
		t.Fatal(err)
	}
	if string(is) == string(was) || strings.Replace(string(is), once, tenMinutes, 1) != string(was) {
		t.Errorf("the service is built of\n%s", is)
	}
	if _, err := quietBoard(t.TempDir(), t.TempDir()); err == nil {
		t.Error("a board that is not there is renewed once")
	}
}
