package command

// fluxo overlay.

import (
	"context"
	"fmt"
)

const overlayHelp = `Overlay prints the name of the overlay file under which the packages (./... by
default) are what fluxo build makes of them, so that other tools see that too:

	GOFLAGS=-overlay=$(fluxo overlay) gopls ...

It takes the build flags of go build. The file holds for the source as it is now.`

func runOverlay(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("overlay", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("overlay"); err != nil {
		return err
	}
	if len(args.packages) == 0 {
		words = append(words, "./...")
	}
	p, err := compile(ctx, c, "overlay", words, lenientPlans)
	if err != nil {
		return err
	}
	file, err := p.set.Write(p.cache)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, file)
	return nil
}
