package command

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	for want, info := range map[string]debug.BuildInfo{
		"fluxo (devel), built by go1.26.1\n": {GoVersion: "go1.26.1"},
		"fluxo v1.2.3, built by go1.26.1\n":  {GoVersion: "go1.26.1", Main: debug.Module{Version: "v1.2.3"}},
		"fluxo (devel), revision 0123abc and changes, built by go1.26.1\n": {
			GoVersion: "go1.26.1", Main: debug.Module{Version: "(devel)"},
			Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123abc"}, {Key: "vcs.modified", Value: "true"}},
		},
	} {
		var b strings.Builder
		if printVersion(&b, &info); b.String() != want {
			t.Errorf("%q, want %q", b.String(), want)
		}
	}
}
