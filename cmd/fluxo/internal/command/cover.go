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
const shimVersion = "fluxo-cover-1"

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

// A shim is one run of the cover tool.
type shim struct {
	words   []string
	overlay map[string]string
	dir     string            // of copies that have the authors' names
	instead map[string]string // copy → author's file
	outputs []string
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
	s.overlay, s.instead = r.Replace, map[string]string{}
	s.dir, err = os.MkdirTemp("", "fluxo-cover-")
	return err
}

// substitute replaces the author's files among the words by copies of what the
// overlay has for them. The copies keep the base names, by which a profile knows them.
func (s *shim) substitute(at int) error {
	for i := at + 1; i < len(s.words); i++ {
		w := s.words[i]
		if out, ok := strings.CutPrefix(w, "-outfilelist="); ok {
			if err := s.listed(out); err != nil {
				return err
			}
		}
		switch strings.TrimPrefix(w, "-") {
		case "-outfilelist", "outfilelist":
			if i+1 < len(s.words) {
				if err := s.listed(s.words[i+1]); err != nil {
					return err
				}
			}
		case "o", "-o":
			if i+1 < len(s.words) {
				s.outputs = append(s.outputs, s.words[i+1])
			}
		}
		with := s.overlay[w]
		if with == "" || !strings.HasSuffix(w, ".go") {
			continue
		}
		text, err := os.ReadFile(with)
		if err != nil {
			return err
		}
		copy := filepath.Join(s.dir, fmt.Sprint(i), filepath.Base(w))
		if err := os.MkdirAll(filepath.Dir(copy), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(copy, text, 0o666); err != nil {
			return err
		}
		s.words[i], s.instead[copy] = copy, w
	}
	return nil
}

// listed notes the outputs named in a file.
func (s *shim) listed(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	s.outputs = append(s.outputs, strings.Fields(string(text))...)
	return nil
}

// restore puts the author's names back into the lines of the output, so that stack traces show them.
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
	return nil
}

// isAdded reports whether a file was added by the overlay.
func isAdded(name string) bool {
	base := filepath.Base(name)
	return base == emit.FileName || base == emit.MainFileName
}
