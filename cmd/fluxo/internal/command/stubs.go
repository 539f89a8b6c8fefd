package command

import "context"

const testHelp, graphHelp, checkHelp, initHelp, overlayHelp, ejectHelp = "", "", "", "", "", ""

func runTest(ctx context.Context, c console, words []string) error    { return nil }
func runGraph(ctx context.Context, c console, words []string) error   { return nil }
func runCheck(ctx context.Context, c console, words []string) error   { return nil }
func runInit(ctx context.Context, c console, words []string) error    { return nil }
func runOverlay(ctx context.Context, c console, words []string) error { return nil }
func runEject(ctx context.Context, c console, words []string) error   { return nil }
