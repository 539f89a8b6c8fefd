// Command fluxo builds Go services that run their flows under a plan. As a tool of
// go vet (go vet -vettool) it reports what is wrong with flows.
package main

import (
	"context"
	"os"
	"runtime/debug"

	"fluxo.dev/fluxo/cmd/fluxo/internal/command"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // a command is over before most collections would pay
	}
	if command.IsVetTool(os.Args[1:]) {
		command.VetTool() // does not return
	}
	os.Exit(command.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
