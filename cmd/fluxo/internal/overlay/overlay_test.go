package overlay

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestApplyKeepsLines(t *testing.T) {
	src := "package p\r\n\r\nfunc Page() {}\r\nfunc (s S) Page() {}\r\n"
	got, err := Apply([]byte(src), []Rename{
		{strings.LastIndex(src, "Page"), "Page", "plain_Page"},
		{strings.Index(src, "Page"), "Page", "plain_Page"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "package p\r\n\r\nfunc plain_Page() {}\r\nfunc (s S) plain_Page() {}\r\n"; string(got) != want {
		t.Errorf("got %q", got)
	}
	for _, bad := range []Rename{{0, "func", "x"}, {len(src) - 2, "Page", "x"}} {
		if _, err := Apply([]byte(src), []Rename{bad}); err == nil {
			t.Errorf("%v was applied", bad)
		}
	}
}

func TestSetStandsOnTheUsersOverlay(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	disk := write("a.go", "disk")
	write("mine.go", "mine")
	list := write("o.json", `{"Replace": {"a.go": "mine.go", "gone.go": ""}}`)
	user, err := Read(list, dir)
	if err != nil {
		t.Fatal(err)
	}
	s := New(user)
	if text, err := s.ReadFile(disk); err != nil || string(text) != "mine" {
		t.Fatalf("%s, %v", text, err)
	}
	if s.Exists(filepath.Join(dir, "gone.go")) || !s.Exists(disk) {
		t.Error("Exists does not see the user's overlay")
	}
	s.Put(disk, []byte("ours"))
	c, err := OpenAt(filepath.Join(dir, "cache"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	name, err := s.Write(c)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Write(c)
	if err != nil || again != name {
		t.Errorf("the same set was written as %s and %s, %v", name, again, err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var r replace
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(r.Replace[disk]); err != nil || string(got) != "ours" {
		t.Errorf("%s, %v", got, err)
	}
	if with, ok := r.Replace[filepath.Join(dir, "gone.go")]; !ok || with != "" {
		t.Error("the user's deletion is lost")
	}
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read("none.json", dir); err == nil || !strings.Contains(err.Error(), "correct the flag -overlay") {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bad.json"), []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Read("bad.json", dir); err == nil || !strings.Contains(err.Error(), "bad.json") {
		t.Error(err)
	}
}

func TestTrimKeepsWhatIsInUse(t *testing.T) {
	now := time.Now()
	c, err := OpenAt(t.TempDir(), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	c.max = 4000
	put := func(fill byte) string {
		name, err := c.Put([]byte(strings.Repeat(string(rune(fill)), 1000)), ".go")
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	old := []string{put('a'), put('b'), put('c')}
	for _, name := range old {
		if err := os.Chtimes(name, now, now.Add(-2*KeepFor)); err != nil {
			t.Fatal(err)
		}
	}
	put('b') // in use again
	fresh := []string{put('d'), put('e')}
	c.Trim()
	gone := 0
	for _, name := range old {
		if _, err := os.Stat(name); err != nil {
			gone++
			if name == old[1] {
				t.Error("a file in use was removed")
			}
		}
	}
	if gone != 1 {
		t.Errorf("%d of the old files are gone; one is enough", gone)
	}
	for _, name := range fresh {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
}
