package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"fluxo.dev/fluxo/bench/weather/expert/core"
)

// maxAhead bounds by how much the clock can be moved at once.
const maxAhead = 366 * 24 * time.Hour

// control listens on a Unix socket for whoever measures; where path is empty, nobody does.
//
//	POST /clock?ahead=90s
func control(path string, clock *core.Clock) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSocket != 0 {
		if err := os.Remove(path); err != nil { // of a process that was killed
			return nil, fmt.Errorf("FLUXO_CONTROL: %w", err)
		}
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("FLUXO_CONTROL: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		ln.Close()
		return nil, fmt.Errorf("FLUXO_CONTROL: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /clock", func(w http.ResponseWriter, r *http.Request) {
		by, err := time.ParseDuration(r.URL.Query().Get("ahead"))
		if err != nil || by < 0 || by > maxAhead {
			http.Error(w, "ahead is a duration such as 90s, and not negative", http.StatusBadRequest)
			return
		}
		clock.Move(by)
		w.WriteHeader(http.StatusNoContent)
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: headerTime}
	go server.Serve(ln)
	return func() { server.Close() }, nil
}
