// Package control lets the fluxo command of the same user record the requests of a running
// service, change its plan and move its clock. It listens only if it is asked to, on a socket in a directory that nobody else may
// enter, never on a port.
package control

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/rt"
)

// Environment names the variable that says where the socket is: a path, or "on" for one in
// Dir, as fluxo run has it. Without it there is none.
const Environment = "FLUXO_CONTROL"

// Bounds of what can be asked for.
const (
	maxRecord = time.Hour
	maxHeader = 8 << 10
)

// Dir returns the directory of the sockets of this user's services.
func Dir() string { return filepath.Join(os.TempDir(), "fluxo-"+strconv.Itoa(os.Getuid())) }

// Start listens until the process ends, if the environment asks for it, and serves metrics and sends spans likewise. What stands
// in the way is logged: a service runs without it. Whoever ends the process calls flush before, which sends the last spans.
func Start() (flush func()) {
	startMetrics()
	flush = startSpans(rt.Spans)
	path := os.Getenv(Environment)
	if path == "" {
		return flush
	}
	if err := start(rt.Service(), path); err != nil {
		slog.Warn("fluxo: the fluxo command cannot talk to this service", slog.Any("error", err))
	}
	return flush
}

func start(service, path string) error {
	if path == "on" {
		dir := Dir()
		if err := own(dir); err != nil {
			return err
		}
		forget(dir)
		path = filepath.Join(dir, filepath.Base(service)+"-"+strconv.Itoa(os.Getpid())+".sock")
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	s := &http.Server{Handler: handler(service), ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: maxHeader}
	go s.Serve(l)
	return nil
}

// own makes dir a directory that only this user may enter, or says why it is none.
func own(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || !mine(info) {
		return fmt.Errorf("%s is open to others: remove it, or set %s to a path of your own", dir, Environment)
	}
	return nil
}

// forget removes the sockets of services that are gone.
func forget(dir string) {
	paths, _ := filepath.Glob(filepath.Join(dir, "*.sock")) // the pattern is well formed
	for _, path := range paths {
		if !Answers(path) {
			os.Remove(path)
		}
	}
}

// Answers reports whether a service listens on a socket.
func Answers(socket string) bool {
	conn, err := net.DialTimeout("unix", socket, time.Second)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

func handler(service string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /clock", moveClock)
	planHandlers(mux)
	verifyHandlers(mux)
	measuredHandlers(mux)
	mux.HandleFunc("GET /trace", func(w http.ResponseWriter, r *http.Request) { sendTrace(w, r, service) })
	mux.HandleFunc("GET /requests", sendRequests)
	return mux
}

// sendTrace sends the requests that come in the time to come.
func sendTrace(w http.ResponseWriter, r *http.Request, service string) {
	wait, ok := duration(w, r)
	if !ok {
		return
	}
	rec, err := rt.Record(service)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	w.Header().Set("Trailer", LostTrailer)
	send(ctx, w, rec)
	tellLost(w, rec.Stop())
}

// LostTrailer follows what was recorded: how many requests came that were not.
const LostTrailer = "Fluxo-Lost"

func tellLost(w http.ResponseWriter, lost int) {
	w.Header().Set(LostTrailer, strconv.Itoa(lost))
	if lost > 0 {
		slog.Warn("fluxo: requests were not recorded: they came faster than that can be done", slog.Int("lost", lost))
	}
}

// send sends what is recorded until ctx ends, or nobody listens any more.
func send(ctx context.Context, w http.ResponseWriter, rec *rt.Recording) {
	out, err := profile.NewWriter(w, &rec.Head)
	flush := http.NewResponseController(w)
	for err == nil {
		if err = flush.Flush(); err != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case run := <-rec.Values():
			err = out.Add(rec.Next(run))
		}
	}
}
