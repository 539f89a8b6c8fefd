// Package lockstep is where generated programs are built by the real fluxo command
// and held against themselves, built plainly. The generator, the world the programs
// live in, and the judge are in the root module's internal/lockstep; this package has
// the test, because it needs the command.
//
// FLUXO_LOCKSTEP_SEED=N tests other programs; FLUXO_LOCKSTEP_RUNS=N does more runs of
// each package.
package lockstep
