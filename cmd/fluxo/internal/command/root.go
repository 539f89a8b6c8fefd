package command

// The root command: what there is, and the way to it.

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// A console is where a command reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// A runner is a command's job. args are the words behind the command's name, flags included.
type runner func(ctx context.Context, c console, args []string) error

// Main runs the command line args, without the program's own name, and
// returns the code to exit with.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := console{stdin, stdout, stderr}
	root := &cobra.Command{
		Use:   "fluxo",
		Short: "Fluxo builds Go services that run their flows under a plan",
		Long: `Fluxo builds Go services that run their flows under a plan.

A flow is a function of an ordinary Go program, marked by one line such as
//fluxo:get /weather/{zip}. Built by fluxo instead of go, calls of it run what
the file fluxo.plan beside the main package says, with the meaning of the source.

What is said of your program has a code, such as FX301: fluxo help FX301 explains it.`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	for _, d := range commands {
		root.AddCommand(d.cobra(c))
	}
	root.SetHelpCommand(help(c, root))
	if wantsVersion(args) {
		args = []string{"version"}
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err != nil && isUnknownCommand(root, args) {
		err = unknownCommand(root, args[0])
	}
	return exitCode(err, stderr)
}

// A description is one command as people see it.
type description struct {
	use, short, long string
	run              runner
	prints           bool // writes standard output itself, rather than let the go command do it
	hidden           bool
}

var commands = []description{
	{use: "build [go build flags] [packages]", short: "compile packages, flows included", long: buildHelp, run: runBuild},
	{use: "run [go run flags] package [arguments]", short: "compile a service and run it", long: runHelp, run: runRun},
	{use: "test [go test flags] [packages]", short: "run tests as written, and under the plan", long: testHelp, run: runTest},
	{use: "vet [go vet flags] [packages]", short: "say what is wrong with flows, and what keeps them from running faster", long: vetHelp, run: runVet},
	{use: "graph [-dot|-svg|-plan] [flow]", short: "show flows as Fluxo understands them", long: graphHelp, run: runGraph, prints: true},
	{use: "check [packages]", short: "hold plans against the source", long: checkHelp, run: runCheck, prints: true},
	{use: "record [-for TIME] -o FILE [service]", short: "write what a running service does to a file", long: recordHelp, run: runRecord},
	{use: "profile [-o FILE] [service|FILES]", short: "show what a service has seen of itself, or merge what several have", long: profileHelp, run: runProfile, prints: true},
	{use: "top [-once] [service]", short: "show how a running service fares, live", long: topHelp, run: runTop, prints: true},
	{use: "explain [-trace FILE] [flow or line] [package]", short: "say why the decisions of a plan stand", long: explainHelp, run: runExplain, prints: true},
	{use: "simulate -trace FILE [flags] [package]", short: "say how long requests would take if …", long: simulateHelp, run: runSimulate, prints: true},
	{use: "replay -trace FILE -to URL [flags]", short: "send recorded requests to a service again", long: replayHelp, run: runReplay, prints: true},
	{use: "plan -trace FILE [-y|-n] [-json] [package]", short: "look for a plan in what a trace shows", long: planHelp, run: runPlan, prints: true},
	{use: "apply [-share 10%] [-for TIME] [FILE] [service]", short: "put a plan in place in a running service", long: applyHelp, run: runApply, prints: true},
	{use: "verify -trace FILE [-plan FILE] [package]", short: "look for requests that a plan answers as the source could not have", long: verifyHelp, run: runVerify, prints: true},
	{use: "init", short: "add Fluxo to go.mod", long: initHelp, run: runInit, prints: true},
	{use: "overlay [go build flags] [packages]", short: "print the overlay file, for GOFLAGS", long: overlayHelp, run: runOverlay, prints: true},
	{use: "eject [packages]", short: "write the generated code as ordinary files, and leave Fluxo's commands", long: ejectHelp, run: runEject, prints: true},
	{use: "version", short: "print which fluxo this is", long: versionHelp, run: runVersion, prints: true},
	{use: "toolexec overlay tool [arguments]", run: runToolexec, hidden: true},
}

// cobra makes the command. Flags are the command's own affair, because most
// of them belong to the go command.
func (d description) cobra(c console) *cobra.Command {
	return &cobra.Command{
		Use: d.use, Short: d.short, Long: d.long, Hidden: d.hidden,
		DisableFlagParsing: true, DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !d.hidden && wantsHelp(args) {
				return cmd.Help()
			}
			if d.prints {
				return printing(cmd.Context(), c, args, d.run)
			}
			return d.run(cmd.Context(), c, args)
		},
	}
}

// wantsHelp reports whether help is asked for before anything else.
func wantsHelp(args []string) bool {
	return len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "-help")
}

// unknownCommand says what the word may have been meant for.
func unknownCommand(root *cobra.Command, word string) error {
	if near := root.SuggestionsFor(word); len(near) > 0 {
		return usageError(fmt.Sprintf("there is no command %s; do you mean fluxo %s? fluxo -h lists the commands", word, strings.Join(near, " or fluxo ")))
	}
	return usageError(fmt.Sprintf("there is no command %s; fluxo -h lists the commands", word))
}

func isUnknownCommand(root *cobra.Command, args []string) bool {
	cmd, _, err := root.Find(args)
	return err != nil || cmd == root
}
