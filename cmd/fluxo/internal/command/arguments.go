package command

// Command lines of the go command: which words are flags, which packages, which
// belong to the program.

import (
	"fmt"
	"slices"
	"strings"
)

// valued lists the flags of go build, run, test and vet that take a value. All
// others are switches.
var valued = map[string]bool{
	"C": true, "p": true, "asmflags": true, "buildmode": true, "compiler": true, "covermode": true, "coverpkg": true,
	"exec": true, "gccgoflags": true, "gcflags": true, "installsuffix": true, "ldflags": true, "mod": true, "modfile": true,
	"for": true, "share": true, "off": true, "on": true, "requests": true, "memory": true, "cores": true, "rate": true, "slower": true, "to": true, "speed": true, "from": true, "inflight": true, "o": true, "overlay": true, "pgo": true, "pkgdir": true, "tags": true, "toolexec": true, "vettool": true,
	"bench": true, "benchtime": true, "blockprofile": true, "blockprofilerate": true, "count": true, "coverprofile": true,
	"cpu": true, "cpuprofile": true, "fuzz": true, "fuzzcachedir": true, "fuzzminimizetime": true, "fuzztime": true,
	"list": true, "memprofile": true, "memprofilerate": true, "mutexprofile": true, "mutexprofilefraction": true,
	"outputdir": true, "parallel": true, "run": true, "shuffle": true, "skip": true, "timeout": true, "trace": true, "vet": true,
}

// listing holds the flags that change which packages and files a build
// consists of, and how their imports compile. go list takes them too.
var listing = map[string]bool{
	"asmflags": true, "buildmode": true, "compiler": true, "gccgoflags": true, "gcflags": true, "installsuffix": true,
	"mod": true, "modcacherw": true, "modfile": true, "overlay": true, "pkgdir": true, "tags": true, "trimpath": true,
	"race": true, "msan": true, "asan": true,
}

// building holds the other flags of go build. Commands that do not build let
// them pass, so that they take the same words.
var building = map[string]bool{
	"C": true, "a": true, "buildvcs": true, "cover": true, "covermode": true, "coverpkg": true, "exec": true, "json": true,
	"ldflags": true, "linkshared": true, "n": true, "o": true, "p": true, "pgo": true, "toolexec": true, "v": true,
	"work": true, "x": true,
}

// A flag is one flag as written.
type flag struct {
	name  string
	value string
	text  []string // one or two words
}

// arguments is a command line, taken apart.
type arguments struct {
	flags    []flag
	packages []string
	rest     []string // of the program (run) or the test binary (test, from -args on)
}

// parseArguments takes the words behind "fluxo build" apart. For run only the first package
// (or the Go files before the first other word) is one.
func parseArguments(command string, words []string) (*arguments, error) {
	a := &arguments{}
	for len(words) > 0 {
		word := words[0]
		if command == "test" && (word == "-args" || word == "--args") {
			a.rest = words
			return a, nil
		}
		if word == "--" {
			words = words[1:]
			break
		}
		if !strings.HasPrefix(word, "-") || word == "-" {
			if command != "test" {
				break
			}
			a.packages = append(a.packages, word) // flags may follow the packages of go test
			words = words[1:]
			continue
		}
		name, value, inline := strings.Cut(strings.TrimPrefix(word[1:], "-"), "=")
		name = strings.TrimPrefix(name, "test.")
		f := flag{name, value, words[:1:1]}
		words = words[1:]
		if !inline && (valued[name] || command == "verify" && name == "plan") { // which is a switch of graph
			if len(words) == 0 {
				return nil, usageError(fmt.Sprintf("the flag %s needs a value", word))
			}
			f.value, f.text = words[0], []string{word, words[0]}
			words = words[1:]
		}
		a.flags = append(a.flags, f)
	}
	if command != "run" {
		a.packages = append(a.packages, words...)
		return a, nil
	}
	n := min(1, len(words))
	for n > 0 && n < len(words) && strings.HasSuffix(words[0], ".go") && strings.HasSuffix(words[n], ".go") {
		n++
	}
	a.packages, a.rest = words[:n], words[n:]
	return a, nil
}

// onlyBuildFlags says which flag is neither one of go build nor among own. The go command
// does that itself where it gets the flags.
func (a *arguments) onlyBuildFlags(command string, own ...string) error {
	for _, f := range a.flags {
		if !listing[f.name] && !building[f.name] && !slices.Contains(own, f.name) {
			return usageError(fmt.Sprintf("%s has no flag %s; fluxo %s -h says what it takes", command, f.text[0], command))
		}
	}
	return nil
}

// get returns the value of the last flag of that name.
func (a *arguments) get(name string) (value string, given bool) {
	for _, f := range a.flags {
		if f.name == name {
			value, given = f.value, true
		}
	}
	return value, given
}

// all returns the values of the flags of that name.
func (a *arguments) all(name string) (values []string) {
	for _, f := range a.flags {
		if f.name == name {
			values = append(values, f.value)
		}
	}
	return values
}

// on reports whether a switch is on.
func (a *arguments) on(name string) bool {
	value, given := a.get(name)
	return given && value != "false" && value != "0"
}

// drop removes the flags of these names.
func (a *arguments) drop(names ...string) {
	a.flags = slices.DeleteFunc(slices.Clone(a.flags), func(f flag) bool { return slices.Contains(names, f.name) })
}

// set replaces a flag.
func (a *arguments) set(name, value string) {
	a.drop(name)
	a.flags = append(a.flags, flag{name, value, []string{"-" + name + "=" + value}})
}

// words returns the flags as words.
func (a *arguments) words() []string {
	var all []string
	for _, f := range a.flags {
		all = append(all, f.text...)
	}
	return all
}

// listFlags returns those flags that decide what the packages of the build are.
func (a *arguments) listFlags() []string {
	var all []string
	for _, f := range a.flags {
		if listing[f.name] {
			all = append(all, f.text...)
		}
	}
	return all
}

// clone returns a copy that can be changed.
func (a *arguments) clone() *arguments {
	return &arguments{slices.Clone(a.flags), slices.Clone(a.packages), slices.Clone(a.rest)}
}

// splitFlags splits GOFLAGS as the go command does: at spaces, where a flag
// with spaces stands in quotes.
func splitFlags(s string) []string {
	var all []string
	for {
		s = strings.TrimLeft(s, " \t\r\n")
		if s == "" {
			return all
		}
		end := strings.IndexAny(s, " \t\r\n")
		if q := s[0]; q == '\'' || q == '"' {
			if close := strings.IndexByte(s[1:], q); close >= 0 {
				all = append(all, s[1:close+1])
				s = s[close+2:]
				continue
			}
		}
		if end < 0 {
			end = len(s)
		}
		all = append(all, s[:end])
		s = s[end:]
	}
}
