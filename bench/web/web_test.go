package web

import (
	"testing"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/load"
)

// Both services answer alike, under the same load.
func TestServicesAnswerAlike(t *testing.T) {
	ours, theirs, err := build(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var loads [2]load.Clients
	for i, program := range []string{theirs, ours} {
		s, err := command.Start(nil, program, "-addr", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if loads[i], err = load.DialAll(s.Addr, clients); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			loads[i].Close()
			if _, err := s.Stop(); err != nil {
				t.Error(err)
			}
		})
	}
	if err := alike(loads[0][0], loads[1][0]); err != nil {
		t.Error(err)
	}
	if answers, err := loads[1].Rate(10, path, load.OK); err != nil || answers <= 0 {
		t.Errorf("%v answers a second, %v", answers, err)
	}
}
