// Package control lets the fluxo command of the same user talk to a running service: read
// its profile, record its requests, see, change and switch its plan. It listens on a
// socket in a directory that nobody else may enter, never on a port.
package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/rt"
)

// Environment names the variable that says where the socket is: a path, or "off" for none.
const Environment = "FLUXO_CONTROL"

// Bounds of what can be asked for.
const (
	maxPlan    = 1 << 20 // bytes of a plan
	maxRecord  = time.Hour
	maxPending = 1 << 12 // recorded requests that wait to be sent
	maxHeader  = 8 << 10
)

// Dir returns the directory of the sockets of this user's services.
func Dir() string { return filepath.Join(os.TempDir(), "fluxo-"+strconv.Itoa(os.Getuid())) }

// Start listens until the process ends. What stands in the way is logged: a service runs
// without it.
func Start() {
	service := "service"
	if info, ok := debug.ReadBuildInfo(); ok {
		service = info.Path // of its main package
	}
	path := os.Getenv(Environment)
	if path == "off" {
		return
	}
	if err := start(service, path); err != nil {
		slog.Warn("fluxo: the fluxo command cannot talk to this service", slog.Any("error", err))
	}
}

func start(service, path string) error {
	if path == "" {
		dir := Dir()
		if err := own(dir); err != nil {
			return err
		}
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

func handler(service string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /service", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, service) })
	mux.HandleFunc("GET /plan", func(w http.ResponseWriter, r *http.Request) { w.Write(rt.Current()) })
	mux.HandleFunc("PUT /plan", putPlan)
	mux.HandleFunc("POST /switch", switchDecision)
	mux.HandleFunc("GET /trace", func(w http.ResponseWriter, r *http.Request) { sendTrace(w, r, service) })
	return mux
}

func putPlan(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPlan))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a, err := rt.Apply("fluxo.plan", text, rt.Strict)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	for _, f := range a.Planned {
		fmt.Fprintln(w, f)
	}
}

func switchDecision(w http.ResponseWriter, r *http.Request) {
	on, err := strconv.ParseBool(r.URL.Query().Get("on"))
	if err != nil {
		http.Error(w, "on is true or false", http.StatusBadRequest)
		return
	}
	if _, err := rt.Switch(r.URL.Query().Get("decision"), on); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
	}
}

// sendTrace sends what there is of the latest requests, or those of a time to come.
func sendTrace(w http.ResponseWriter, r *http.Request, service string) {
	t := rt.Trace(service)
	wait := time.Duration(0)
	if text := r.URL.Query().Get("for"); text != "" {
		var err error
		if wait, err = time.ParseDuration(text); err != nil || wait < 0 || wait > maxRecord {
			http.Error(w, fmt.Sprintf("for is a time of up to %v, not %q", maxRecord, text), http.StatusBadRequest)
			return
		}
		t.Runs = nil
	}
	out, err := profile.NewWriter(w, t)
	if err != nil {
		return
	}
	for _, run := range t.Runs {
		if out.Add(run) != nil {
			return
		}
	}
	if wait > 0 {
		ctx, cancel := context.WithTimeout(r.Context(), wait)
		defer cancel()
		record(ctx, w, out)
	}
}

// record sends the requests that end before ctx does.
func record(ctx context.Context, w http.ResponseWriter, out *profile.Writer) {
	l := rt.Record(maxPending)
	defer func() {
		if lost := l.Stop(); lost > 0 {
			slog.Warn("fluxo: requests were not recorded: they came faster than they could be sent", slog.Int("lost", lost))
		}
	}()
	flush := http.NewResponseController(w)
	for {
		select {
		case <-ctx.Done():
			return
		case run := <-l.Runs():
			if out.Add(run) != nil || flush.Flush() != nil {
				return
			}
		}
	}
}
