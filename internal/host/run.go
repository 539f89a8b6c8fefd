package host

// The life of a serving process: listen, serve, stop without losing a request.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Run serves s on ln until ctx is done, then stops: it accepts nothing more, waits for
// the requests in flight and the runs of schedules for at most Limits.Shutdown, and reports. The error is
// nil if none was cut off.
func Run(ctx context.Context, ln net.Listener, s *Service) error {
	server := s.server()
	limited := limit(ln, s.limits.Connections, s.answerReady)
	served := make(chan error, 1)
	go func() { served <- server.Serve(limited) }()
	s.schedules.start()
	select {
	case err := <-served:
		return fmt.Errorf("serving on %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	return s.stop(server, limited)
}

// server returns what reads requests of s.
func (s *Service) server() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.limits.ReadHeader,
		WriteTimeout:      s.limits.writing(),
		IdleTimeout:       s.limits.Idle,
		MaxHeaderBytes:    s.limits.HeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		ConnContext:       func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
		ConnState: func(c net.Conn, now http.ConnState) {
			switch now {
			case http.StateActive:
				c.(*conn).head()
			case http.StateIdle:
				c.(*conn).between = true
			case http.StateHijacked:
				c.(*conn).taken()
			}
		},
	}
}

// stop ends the service without losing a request that it took. Server.Shutdown alone loses
// some: it drops every request whose header is read after it began. So connections
// are drained first: those that are idle are closed at once, each other one after its answer, and
// one on which nothing has arrived yet is given Limits.ReadHeader.
func (s *Service) stop(server *http.Server, limited *limitedListener) error {
	start := time.Now()
	s.stopping.Store(true)
	s.log.Info("stopping: no new connections; finishing the requests in flight", "requests", s.inFlight.Load(), "at most", s.limits.Shutdown.String())
	ctx, cancel := context.WithTimeout(context.Background(), s.limits.Shutdown)
	defer cancel()
	_ = limited.Close()
	runs := make(chan error, 1)
	go func() { runs <- s.schedules.halt(ctx) }()
	// This closes idle connections, too. One that has just had its answer may miss it and become idle after.
	drained := limited.drain(ctx, func() bool {
		server.SetKeepAlivesEnabled(false)
		return s.inFlight.Load() == 0
	})
	left := s.inFlight.Load()
	_ = server.Close()
	err := <-runs
	if !drained && left > 0 {
		return errors.Join(fmt.Errorf("stopped: %d requests were cut off, they did not finish within %v", left, s.limits.Shutdown), err)
	}
	if err != nil {
		return err
	}
	s.log.Info("stopped: every request was finished", "took", time.Since(start).Round(time.Millisecond).String())
	return nil
}
