package command

// fluxo help: commands, and the pages on diagnostics.

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
	errorpages "fluxo.dev/fluxo/docs/errors"
)

// help makes the command that shows what a command or a code means.
func help(c console, root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [command | code]",
		Short: "show what a command does, or what a code such as FX301 means",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && isCode(args[0]) {
				return printing(cmd.Context(), c, args, runPage)
			}
			about, _, err := root.Find(args)
			if err != nil {
				return unknownCommand(root, args[0])
			}
			return about.Help()
		},
	}
}

// isCode reports whether word looks like the code of a diagnostic.
func isCode(word string) bool {
	digits, ok := strings.CutPrefix(strings.ToUpper(word), "FX")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// runPage prints the page on a diagnostic.
func runPage(_ context.Context, c console, words []string) error {
	page, ok := errorpages.Page(strings.ToUpper(words[0]))
	if !ok {
		all := diag.Rules()
		return usageError(fmt.Sprintf("there is no code %s; they run from %s to %s", words[0], all[0].Code, all[len(all)-1].Code))
	}
	fmt.Fprint(c.out, page)
	return nil
}
