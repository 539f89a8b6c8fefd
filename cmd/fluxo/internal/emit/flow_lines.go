package emit

// Line directives that lead back to the added file itself: their numbers are
// known only when the file is printed.

import (
	"bytes"
	"fmt"
	"path/filepath"
)

// hereMark stands for the number of its own line.
const hereMark = "//line " + FileName + ":1"

// numberLines sets the numbers of the marks.
func numberLines(src []byte) []byte {
	lines := bytes.Split(src, []byte("\n"))
	for i, line := range lines {
		if string(bytes.TrimSpace(line)) == hereMark {
			lines[i] = fmt.Appendf(nil, "//line %s:%d", FileName, i+2)
		}
	}
	return bytes.Join(lines, []byte("\n"))
}

func baseName(path string) string { return filepath.Base(path) }
