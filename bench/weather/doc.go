// Package weather has the figures of the weather service, lived through at its real pace:
// as written, under the plan that Fluxo finds, and as an expert wrote it by hand.
package weather
