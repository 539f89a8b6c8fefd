// Package overlay writes what the go command's -overlay flag reads: the author's
// files with some names replaced, files that are added, go.mod files that know Fluxo.
//
// Contents are kept under the user's cache directory, each in a file named by its
// own hash, so that the same build twice writes nothing and the go command's own
// cache stays warm. No file lands in the author's tree.
package overlay
