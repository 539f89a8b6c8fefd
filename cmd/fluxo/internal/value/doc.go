// Package value decides which types are plain data, and generates the Go
// functions that compare and copy their values.
//
// A value that enters a stored or shared region needs a canonical key, one that
// leaves it a deep copy (docs/language.md, "Data and handles"). Both are emitted
// as ordinary Go for each type, in the package that emits the flow: no
// reflection, no field forgotten, and what has neither is known when the flow
// is read and not when it runs. Only the content of an interface is looked at
// at run time, by the same rules.
//
// [Env.Of] answers whether a type has a key and a copy, and why not; [Gen] emits.
//
//	type                              key                              copy
//	numbers, strings                  bits; length and bytes           as assigned
//	arrays, structs                   parts in order                   part by part
//	slices, pointers                  nil or not, content              new memory; aliasing inside one value kept
//	maps                              entries sorted by key            new map
//	any, sealed interfaces, error     dynamic type and content         by content; refused where it is no data
//	time, big, netip, url             by meaning                       by meaning
//	hidden fields, same module        through a mirror of the layout   through the mirror
//	hidden fields, comparable, flat   through a mirror of the layout   as assigned
//	other hidden fields               one fluxo.Codec line             one fluxo.Codec line
//	functions, channels, locks        -                                -
package value
