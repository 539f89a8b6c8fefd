package command

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/cmd/fluxo/internal/replay"
)

// Requests without an answer are told beside the times of the others.
func TestUnansweredRequestsAreTold(t *testing.T) {
	o := &replay.Outcome{Answers: []replay.Answer{
		{Took: 8 * time.Millisecond, Status: 200},
		{Took: time.Hour, Err: errors.New("timeout")},
		{Took: time.Hour, Err: errors.New("timeout")},
	}}
	if err := answered("http://localhost:8080", o); err != nil {
		t.Error(err)
	}
	var b strings.Builder
	outcomes{measured: o}.print(&b)
	text := strings.Join(strings.Fields(b.String()), " ")
	for _, want := range []string{"requests 3 mean 8ms", "most 8ms failed 2", "no answer to 2 requests, which the times leave out: timeout"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s, want %s", text, want)
		}
	}
}
