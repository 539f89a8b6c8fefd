// Command byhand serves what shop serves, as a person would write it with
// net/http: the same steps, server timeouts and bounds, a request log.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"example.com/shop"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "where to listen")
	bare := flag.Bool("bare", false, "without request log, body and request bounds, and deadlines")
	flag.Parse()
	if err := run(*addr, *bare); err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
}

func run(addr string, bare bool) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	lines := newLines(os.Stderr)
	defer lines.flush()
	log := slog.New(slog.NewJSONHandler(lines, nil))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /products/{id}", show)
	var handler http.Handler = mux
	if !bare {
		handler = bounded(http.NewCrossOriginProtection().Handler(mux))
		handler = logged(log, handler)
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	slog.New(slog.NewJSONHandler(os.Stderr, nil)).Info("listening", "url", "http://"+ln.Addr().String())
	served := make(chan error, 1)
	go func() { served <- server.Serve(&limited{ln, make(chan struct{}, 10_000)}) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return server.Shutdown(end)
}

func show(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	currency := r.URL.Query().Get("currency")
	if currency == "" {
		currency = "EUR"
	}
	view, err := view(r.Context(), id, currency)
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.NewEncoder(w).Encode(view)
}

func view(ctx context.Context, id int, currency string) (shop.View, error) {
	p, err := shop.Find(ctx, id)
	if err != nil {
		return shop.View{}, err
	}
	price, err := shop.Quote(ctx, p.Cents, currency)
	if err != nil {
		return shop.View{}, err
	}
	related, err := shop.Related(ctx, p.ID)
	if err != nil {
		return shop.View{}, err
	}
	return shop.View{Product: p, Price: price, Related: related}, nil
}

// bounded bounds the requests at a time, their bodies, and their time.
func bounded(next http.Handler) http.Handler {
	var now atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer now.Add(-1)
		if now.Add(1) > 1024 {
			http.Error(w, "too many requests", http.StatusServiceUnavailable)
			return
		}
		if r.ContentLength != 0 {
			control := http.NewResponseController(w)
			if err := control.SetReadDeadline(time.Now().Add(15 * time.Second)); err != nil {
				http.Error(w, "internal error", http.StatusInternalServerError)
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		}
		ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// A limited listener bounds the open connections.
type limited struct {
	net.Listener
	free chan struct{}
}

func (l *limited) Accept() (net.Conn, error) {
	l.free <- struct{}{}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.free
		return nil, err
	}
	return &conn{Conn: c, free: l.free}, nil
}

type conn struct {
	net.Conn
	free   chan struct{}
	closed atomic.Bool
}

func (c *conn) Close() error {
	if !c.closed.Swap(true) {
		<-c.free
	}
	return c.Conn.Close()
}
