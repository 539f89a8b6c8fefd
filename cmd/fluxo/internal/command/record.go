package command

// fluxo record, and how the commands find running services.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fluxo.dev/fluxo/rt/control"
)

const recordHelp = `Record writes the requests of a running service to a file, for plan, simulate and replay:
when each came, what it ran, how long that took and which values were equal; no values.

	fluxo record -for 10m -o day.trace           the service that runs here
	fluxo record -for 10m -o day.trace weather   the one of that name, or of that process number

Without -for it writes the latest requests that the service remembers, and ends. It needs to run as the
user that the service runs as.`

func runRecord(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("record", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("record", "for", "o"); err != nil {
		return err
	}
	file, _ := args.get("o")
	if file == "" {
		return usageError("into which file? -o FILE names it")
	}
	query := ""
	if d, ok := args.get("for"); ok {
		if _, err := time.ParseDuration(d); err != nil {
			return usageError(fmt.Sprintf("-for is a time like 90s or 10m, not %q", d))
		}
		query = "?for=" + d
	}
	s, err := findRunning(args.packages)
	if err != nil {
		return err
	}
	body, err := s.get(ctx, "/trace"+query)
	if err != nil {
		return err
	}
	defer body.Close()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, body)
	return errors.Join(err, f.Close())
}

// A running is a service that runs here.
type running struct{ name, socket string }

// findRunning returns the running service that a word names, or the only one.
func findRunning(words []string) (*running, error) {
	if len(words) > 1 {
		return nil, usageError("one service at a time")
	}
	paths, err := filepath.Glob(filepath.Join(control.Dir(), "*.sock"))
	if err != nil {
		return nil, err
	}
	var found []*running
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".sock")
		s := &running{name, path}
		if len(words) == 1 && name != words[0] && !strings.HasPrefix(name, words[0]+"-") && !strings.HasSuffix(name, "-"+words[0]) {
			continue
		}
		if s.answers() {
			found = append(found, s)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return nil, fmt.Errorf("no such service runs here as this user; one built or run by fluxo is listed in %s", control.Dir())
	}
	names := make([]string, len(found))
	for i, s := range found {
		names[i] = s.name
	}
	return nil, usageError("which of the services? " + strings.Join(names, ", "))
}

// answers reports whether the service is there: a socket may be left of one that was killed.
func (s *running) answers() bool {
	conn, err := net.DialTimeout("unix", s.socket, time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

func (s *running) client() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", s.socket)
	}}}
}

// get asks the service.
func (s *running) get(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://service"+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := s.client().Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
		resp.Body.Close()
		return nil, fmt.Errorf("%s: %s", s.name, strings.TrimSpace(string(text)))
	}
	return resp.Body, nil
}
