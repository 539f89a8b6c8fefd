package replay

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadList(t *testing.T) {
	for text, want := range map[string]string{
		"# a day\n\n0 GET /a\n1.5 POST /b?c=d\n": "0s GET /a, 1.5s POST /b?c=d",
		"":                                       "",
		"0 GET /a\nGET /b\n":                     "0s GET /a, x:2: a request is written",
		"0 GET b\n":                              "x:1: a request is written",
		"0 get /b\n":                             "x:1: a request is written",
		"NaN GET /b\n":                           `x:1: "NaN" is no time`,
		"-1 GET /b\n":                            `x:1: "-1" is no time`,
		"1e300 GET /b\n":                         `x:1: "1e300" is no time`,
		"5 GET /a\n4 GET /b\n":                   "5s GET /a, x:2: it comes before",
		strings.Repeat("x", maxLine+1):           "x: bufio.Scanner: token too long",
	} {
		var got []string
		for q, err := range ReadList("x", strings.NewReader(text)) {
			if err != nil {
				got = append(got, err.Error())
				continue
			}
			got = append(got, fmt.Sprintf("%v %s %s", q.At, q.Method, q.URL))
		}
		if all := strings.Join(got, ", "); all != want && (want == "" || !strings.HasPrefix(all, want)) {
			t.Errorf("%.40q: %s, want %s", text, all, want)
		}
	}
}
