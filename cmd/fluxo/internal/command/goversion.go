package command

// Whether this fluxo can read what the program's Go writes.

import (
	"fmt"
	"go/version"
	"runtime"
)

// readable reports a Go command whose language is newer than the one that built this
// fluxo: neither its syntax nor its export data could be read, and the errors would
// be about the program.
func (e *goEnv) readable() error { return readableBy(e.GOVERSION, runtime.Version()) }

func readableBy(program, own string) error {
	if version.Compare(version.Lang(program), version.Lang(own)) <= 0 {
		return nil
	}
	return fmt.Errorf("this program is built by %s, and this fluxo was built by %s, which is too old to read it; "+
		"build fluxo with GOTOOLCHAIN=%[1]s, or run fluxo init once and then go tool fluxo, which the program's own Go builds", program, own)
}
