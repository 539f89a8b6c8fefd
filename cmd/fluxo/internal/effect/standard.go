package effect

// Which packages are the standard library's. Their bodies are never looked
// into: the tables speak for them, and what no table names is opaque.

import "strings"

// standardRoots are the first elements of the standard library's paths. The
// go command takes a path that begins with one of them for a standard package,
// so no module can.
var standardRoots = map[string]bool{}

func init() {
	for _, root := range strings.Fields(`archive arena bufio builtin bytes cmd cmp compress container context crypto
		database debug embed encoding errors expvar flag fmt go hash html image index internal io iter log maps math
		mime net os path plugin reflect regexp runtime simd slices sort strconv strings structs sync syscall
		testing text time unicode unique unsafe vendor weak C`) {
		standardRoots[root] = true
	}
}

func isStandard(path string) bool {
	root, _, _ := strings.Cut(path, "/")
	return standardRoots[root]
}
