package host

import (
	"net/url"
	"slices"
	"testing"
)

// What net/url makes of a query string is what we make of it; of several things that are wrong,
// another may be named.
func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{"", "a=1", "a=1&b=2&a=3", "a", "=", "&&a=&", "a=b=c", "a+b=%20", "%zz=1&b=2", "a;b=1&c=2", "a=%", "%61=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, wantErr := url.ParseQuery(text)
		got, err := parseQuery(text)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: error %v, net/url says %v", text, err, wantErr)
		}
		n := 0
		for name, values := range want {
			var have []string
			for _, p := range got {
				if p.name == name {
					have = append(have, p.value)
				}
			}
			n += len(have)
			if !slices.Equal(have, values) {
				t.Fatalf("%q: %s is %q, net/url says %q", text, name, have, values)
			}
		}
		if n != len(got) {
			t.Fatalf("%q: got %q, net/url says %v", text, got, want)
		}
	})
}
