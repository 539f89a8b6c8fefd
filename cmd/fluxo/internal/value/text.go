package value

// Emitted text. It stands among names that people chose: types, type parameters,
// constants. So its own variables get their names last (see package emit), and until
// then something stands for them that nobody calls anything.

import (
	"fmt"
	"regexp"
)

// LocalPrefix begins what stands for a variable of emitted code.
const LocalPrefix = "fluxoLocal_"

// Local is what stands for the variable of emitted code that is to be called name, if
// nothing around it is.
func Local(name string) string { return LocalPrefix + name }

var localName = regexp.MustCompile(`\$([a-z][A-Za-z0-9]*)`)

// Text is fmt.Sprintf for emitted code, with $name in the format for [Local] of name.
func Text(format string, args ...any) string {
	return fmt.Sprintf(localName.ReplaceAllString(format, LocalPrefix+"$1"), args...)
}
