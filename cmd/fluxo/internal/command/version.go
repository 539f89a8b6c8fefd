package command

// fluxo version.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
)

const versionHelp = `Version prints which fluxo this is: the version of its module, the revision of the source that it was built from,
as far as the go command noted it, and the version of Go that built it.

	fluxo version`

func runVersion(_ context.Context, c console, words []string) error {
	if len(words) > 0 {
		return usageError("version takes no arguments; it says which fluxo this is")
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("nothing is known of this fluxo, which was built without modules: run go install in the clone's cmd/fluxo")
	}
	printVersion(c.out, info)
	return nil
}

// printVersion prints what a fluxo was built from, and by what.
func printVersion(w io.Writer, info *debug.BuildInfo) {
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	fmt.Fprintf(w, "fluxo %s", cmp.Or(info.Main.Version, "(devel)"))
	if revision := settings["vcs.revision"]; revision != "" {
		fmt.Fprintf(w, ", revision %s", revision)
	}
	if settings["vcs.modified"] == "true" {
		fmt.Fprint(w, " and changes")
	}
	fmt.Fprintf(w, ", built by %s\n", info.GoVersion)
}

// wantsVersion reports whether the command line asks for the version by a flag.
func wantsVersion(args []string) bool {
	return len(args) == 1 && (args[0] == "-version" || args[0] == "--version")
}
