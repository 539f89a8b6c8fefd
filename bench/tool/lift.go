package tool

// How much of the code that people write passes with directives only.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
)

// Lift runs fluxo vet on the corpus.
var Lift = figure.Figure{
	Name: "lift",
	About: "share of the corpus's handlers and methods in which fluxo vet finds nothing wrong, once they have directives; " +
		".flows: how many there are",
	Run: func(r *figure.Report) error {
		root, err := command.Root()
		if err != nil {
			return err
		}
		c := corpus{dir: filepath.Join(root, "cmd", "fluxo", "internal", "lift", "testdata", "corpus")}
		if err := c.read(); err != nil {
			return err
		}
		wrong, err := c.vet()
		if err != nil {
			return err
		}
		passed := 0
		for _, flow := range c.flows {
			if messages := wrong[flow]; len(messages) > 0 {
				r.Note("%s does not pass: %s", flow, messages[0])
			} else {
				passed++
			}
		}
		r.Line("lift.rate", float64(passed)/float64(len(c.flows)), "ratio")
		r.Line("lift.flows", float64(len(c.flows)), "flows")
		return nil
	},
}

// A corpus is a module of other people's style, with directives.
type corpus struct {
	dir   string
	flows []string // as flows.txt lists them
	places
}

// read reads the list of flows, and where each function of the corpus stands. A
// listed flow that is not there, or has no trigger, is an error.
func (c *corpus) read() error {
	list, err := os.ReadFile(filepath.Join(c.dir, "flows.txt"))
	if err != nil {
		return err
	}
	c.flows = strings.Fields(string(list))
	if c.places, err = readPlaces(c.dir, "example.com/corpus"); err != nil {
		return err
	}
	triggers := map[string]bool{}
	for _, f := range c.places {
		triggers[f.name] = f.trigger
	}
	for _, flow := range c.flows {
		if !triggers[flow] {
			err = errors.Join(err, fmt.Errorf("flows.txt names %s, which is not a function with a trigger", flow))
		}
	}
	return err
}

// problem is a line of fluxo vet that is no note: "./a/b.go:3:4: FX101: …".
var problem = regexp.MustCompile(`^(\S+\.go):(\d+):\d+: (FX\d+: .*)`)

// vet runs fluxo vet and returns what it finds wrong, by flow. What is wrong in no
// function at all is an error: the share would say nothing.
func (c *corpus) vet() (map[string][]string, error) {
	cmd, err := fluxo(c.dir, "vet", "./...")
	if err != nil {
		return nil, err
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		return nil, fmt.Errorf("fluxo vet of the corpus: %w\n%s", err, out)
	}
	wrong := map[string][]string{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "note: ") {
			continue
		}
		m := problem.FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("fluxo vet of the corpus: %s", out)
		}
		n, _ := strconv.Atoi(m[2]) // digits
		flow, ok := c.at(filepath.Join(c.dir, m[1]), n)
		if !ok {
			return nil, fmt.Errorf("fluxo vet of the corpus complains outside of functions: %s", line)
		}
		wrong[flow] = append(wrong[flow], m[3])
	}
	return wrong, nil
}

// A function is where one stands.
type function struct {
	name    string // "(*example.com/corpus/polls.App).Show"
	file    string
	from    int // line, its comment included
	to      int
	trigger bool
}

type places []function

func (p places) at(file string, line int) (name string, ok bool) {
	for _, f := range p {
		if f.file == file && f.from <= line && line <= f.to {
			return f.name, true
		}
	}
	return "", false
}

var trigger = regexp.MustCompile(`(?m)^//fluxo:(flow|get|post|put|patch|delete)\b`)

// readPlaces parses the functions of a module.
func readPlaces(dir, module string) (places, error) {
	var all places
	fset := token.NewFileSet()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(dir, filepath.Dir(name))
		if err != nil {
			return err
		}
		path := module
		if below != "." {
			path += "/" + filepath.ToSlash(below)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				from := f.Pos()
				comment := ""
				if f.Doc != nil {
					from = f.Doc.Pos()
					comment = string(text[fset.Position(from).Offset:fset.Position(f.Doc.End()).Offset])
				}
				all = append(all, function{fullName(path, f), name, fset.Position(from).Line, fset.Position(f.End()).Line, trigger.MatchString(comment)})
			}
		}
		return nil
	})
	return all, err
}

// fullName is the function's name as go/types has it.
func fullName(path string, f *ast.FuncDecl) string {
	if f.Recv == nil {
		return path + "." + f.Name.Name
	}
	t, star := f.Recv.List[0].Type, ""
	if s, ok := t.(*ast.StarExpr); ok {
		t, star = s.X, "*"
	}
	id, ok := t.(*ast.Ident)
	if !ok {
		return path + "." + f.Name.Name
	}
	return "(" + star + path + "." + id.Name + ")." + f.Name.Name
}
