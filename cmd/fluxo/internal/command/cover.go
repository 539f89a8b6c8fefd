package command

// Coverage. The cover tool is handed the files on disk, and so would instrument
// the program as written: the overlay would be lost. Under -cover every tool is run
// through this command, which hands the cover tool what the overlay says.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/emit"
)

// coverage adds the -toolexec that coverage needs.
func (p *program) coverage() error {
	if !p.covers() || p.set.Empty() {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	file, err := p.set.Write(p.cache)
	if err != nil {
		return err
	}
	words := []string{self, "toolexec", file}
	if own := p.env.flag(p.args, "toolexec"); own != "" {
		words = append(words, splitFlags(own)...)
	}
	for i, w := range words {
		if strings.ContainsAny(w, " \t") {
			words[i] = `"` + w + `"`
		}
	}
	p.args = p.args.clone()
	p.args.set("toolexec", strings.Join(words, " "))
	return nil
}

// covers reports whether the command line or GOFLAGS asks for coverage.
func (p *program) covers() bool {
	for _, name := range []string{"cover", "coverprofile", "covermode", "coverpkg"} {
		if v := p.env.flag(p.args, name); v != "" && v != "false" || p.args.on(name) {
			return true
		}
	}
	return strings.Contains(" "+p.env.GOFLAGS+" ", " -cover ")
}

// runToolexec runs one tool of a build: toolexec OVERLAY [user's toolexec] TOOL ARGS.
func runToolexec(ctx context.Context, c console, words []string) error {
	if len(words) < 2 {
		return usageError("toolexec is for the go command")
	}
	file, words := words[0], words[1:]
	if len(words) > 1 && words[len(words)-1] == "-V=full" {
		return toolVersion(ctx, c, words)
	}
	at := coverTool(words)
	if at < 0 {
		return runTool(ctx, c, words)
	}
	s := &shim{words: words}
	if err := s.read(file); err != nil {
		return err
	}
	defer os.RemoveAll(s.dir)
	if err := s.substitute(at); err != nil {
		return err
	}
	if err := runTool(ctx, c, s.words); err != nil {
		return err
	}
	return s.restore()
}

// shimVersion changes whenever the shim does something else, so that what the
// go command cached of the older one is not used.
const shimVersion = "fluxo-cover-3"

// toolVersion answers for the tool, and adds our own version where it is cover.
func toolVersion(ctx context.Context, c console, words []string) error {
	if coverTool(words) < 0 {
		return runTool(ctx, c, words)
	}
	var out bytes.Buffer
	if err := runTool(ctx, console{c.in, &out, c.err}, words); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.out, "%s %s\n", strings.TrimSpace(out.String()), shimVersion)
	return err
}

// coverTool returns where the cover tool stands among the words; -1 if it does not.
func coverTool(words []string) int {
	for i, w := range words {
		if strings.TrimSuffix(filepath.Base(w), ".exe") == "cover" {
			return i
		}
	}
	return -1
}

func runTool(ctx context.Context, c console, words []string) error {
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.in, c.out, c.err
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exitError(max(exit.ExitCode(), 1))
	}
	return err
}

// A shim is one run of the cover tool:
//
//	cover -pkgcfg FILE … -outfilelist LIST a.go b.go …
//
// LIST names the outputs, one for the package and then one for each input.
type shim struct {
	words   []string
	overlay map[string]string
	dir     string            // of copies that have the authors' names
	instead map[string]string // copy → author's file
	list    int               // the word that is LIST; 0 if there is none
	outputs []string
	authors map[string]string // output → the author's file that it is of
	added   map[string]string // output → file added by the overlay, which is not instrumented
}

func (s *shim) read(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var r struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	s.overlay, s.instead, s.authors, s.added = r.Replace, map[string]string{}, map[string]string{}, map[string]string{}
	s.dir, err = os.MkdirTemp("", "fluxo-cover-")
	return err
}

// substitute replaces the author's files among the words by copies of what the
// overlay has for them, and takes the added files away.
func (s *shim) substitute(at int) error {
	var inputs []int
	for i := at + 1; i < len(s.words); i++ {
		switch w := s.words[i]; {
		case (w == "-outfilelist" || w == "--outfilelist") && i+1 < len(s.words):
			s.list = i + 1
		case strings.HasSuffix(w, ".go"):
			inputs = append(inputs, i)
		}
	}
	if s.list > 0 {
		text, err := os.ReadFile(s.words[s.list])
		if err != nil {
			return err
		}
		s.outputs = strings.Fields(string(text))
	}
	if err := s.leaveOut(inputs); err != nil {
		return err
	}
	for i := at + 1; i < len(s.words); i++ {
		if err := s.copy(i); err != nil {
			return err
		}
	}
	return nil
}

// copy replaces word i by a copy of what the overlay has for it. The copy keeps
// the base name, by which a profile knows the file.
func (s *shim) copy(i int) error {
	w := s.words[i]
	with := s.overlay[w]
	if with == "" || !strings.HasSuffix(w, ".go") {
		return nil
	}
	text, err := os.ReadFile(with)
	if err != nil {
		return err
	}
	name := filepath.Join(s.dir, fmt.Sprint(i), filepath.Base(w))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	s.words[i], s.instead[name] = name, w
	return os.WriteFile(name, text, 0o666)
}

// leaveOut takes the added files from the inputs and the outputs: nobody wrote
// them, so nobody wants to know how much of them ran.
func (s *shim) leaveOut(inputs []int) error {
	if len(s.outputs) != len(inputs)+1 {
		return nil
	}
	kept := s.outputs[:1:1]
	gone := map[int]bool{}
	for k, i := range inputs {
		out := s.outputs[k+1]
		if with := s.overlay[s.words[i]]; with != "" && isAdded(s.words[i]) {
			s.added[out] = s.words[i]
			gone[i] = true
			continue
		}
		s.authors[out] = s.words[i]
		kept = append(kept, out)
	}
	if len(gone) == 0 || len(gone) == len(inputs) {
		s.added = map[string]string{}
		return nil
	}
	list := filepath.Join(s.dir, "outputs")
	if err := os.WriteFile(list, []byte(strings.Join(kept, "\n")+"\n"), 0o666); err != nil {
		return err
	}
	s.words = slices.Clone(s.words)
	s.words[s.list], s.outputs = list, kept
	words := s.words[:0:0]
	for i, w := range s.words {
		if !gone[i] {
			words = append(words, w)
		}
	}
	s.words = words
	return nil
}

// restore puts the author's names back into the lines of the outputs, so that
// stack traces show them, and writes the added files as they are.
func (s *shim) restore() error {
	for _, name := range s.outputs {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for copy, original := range s.instead {
			text = bytes.ReplaceAll(text, []byte(copy), []byte(original))
		}
		if err := os.WriteFile(name, text, 0o666); err != nil {
			return err
		}
	}
	if len(s.added) == 0 {
		return nil
	}
	files, err := s.counters()
	if err != nil {
		return err
	}
	for out, file := range s.added {
		text, err := os.ReadFile(s.overlay[file])
		if err != nil {
			return err
		}
		if text, err = countPieces(text, files); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := os.WriteFile(out, append([]byte("//line "+file+":1\n"), text...), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// isAdded reports whether a file was added by the overlay.
func isAdded(name string) bool {
	base := filepath.Base(name)
	return base == emit.FileName || base == emit.MainFileName
}
