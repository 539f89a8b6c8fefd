package command

// Services that run on this machine, and what can be asked of them.

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"fluxo.dev/fluxo/rt/control"
)

// A running is a service that runs here.
type running struct{ name, socket string }

// runningServices lists the services that run here as this user and listen.
func runningServices() (all []*running) {
	paths, err := filepath.Glob(filepath.Join(control.Dir(), "*.sock"))
	if err != nil {
		return nil // the pattern is well formed
	}
	for _, path := range paths {
		if control.Answers(path) {
			all = append(all, &running{strings.TrimSuffix(filepath.Base(path), ".sock"), path})
		}
	}
	return all
}

// findRunning returns the running service that a word names, or the only one.
func findRunning(words []string) (*running, error) {
	if len(words) > 1 {
		return nil, usageError("one service at a time")
	}
	found := runningServices()
	if len(words) == 1 {
		found = slices.DeleteFunc(found, func(s *running) bool { return !s.isCalled(words[0]) })
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0 && len(words) == 1:
		return nil, fmt.Errorf("no service %s runs here as this user and listens; start it by fluxo run, or with %s=on", words[0], control.Environment)
	case len(found) == 0:
		return nil, fmt.Errorf("no service runs here as this user and listens; start one by fluxo run, or with %s=on", control.Environment)
	}
	return nil, usageError("which of the services? " + namesOfRunning(found))
}

// isCalled reports whether a word names the service: all of its name, what it has in common with others of its
// directory, or its number.
func (s *running) isCalled(word string) bool {
	return s.name == word || strings.HasPrefix(s.name, word+"-") || strings.HasSuffix(s.name, "-"+word)
}

func namesOfRunning(all []*running) string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.name
	}
	return strings.Join(names, ", ")
}

// maxAnswer bounds the text of an error that a service answers with, in bytes.
const maxAnswer = 1 << 16

// get asks the service.
func (s *running) get(ctx context.Context, path string) (io.ReadCloser, error) {
	return s.ask(ctx, http.MethodGet, path, nil)
}

// ask sends the service a request. An answer that is none is an error with its text.
func (s *running) ask(ctx context.Context, method, path string, body io.Reader) (io.ReadCloser, error) {
	resp, err := s.respond(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// respond is ask with all of the answer.
func (s *running) respond(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	c := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", s.socket)
	}}}
	req, err := http.NewRequestWithContext(ctx, method, "http://service"+path, body)
	if err != nil {
		return nil, err
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%s: %s", s.name, strings.TrimSpace(string(text)))
}
