// Package search looks for a plan: patterns propose decisions, the checker refuses what is not
// legal, the simulator replays the trace under what is left.
package search
