// Command shop serves a small shop.
//
//	shop [-addr :8080] [-db shop.db]
//
// The key that signs session cookies is in SHOP_KEY.
//
//fluxo:sole products listings reviews stock
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/shop/sqlite"
	"example.com/shop/web"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "where to listen")
	path := flag.String("db", "shop.db", "file of the database")
	flag.Parse()

	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := run(log, *addr, *path); err != nil {
		log.Error("stopped", "err", err)
		os.Exit(1)
	}
}

func run(log *slog.Logger, addr, path string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := sqlite.Fill(ctx, db); err != nil {
		return err
	}

	server := &web.Server{
		Log:       log,
		Sessions:  web.Sessions{Key: []byte(os.Getenv("SHOP_KEY"))},
		Catalogue: sqlite.NewCatalogue(db),
		Reviews:   sqlite.NewReviews(db),
		Warehouse: sqlite.NewWarehouse(db),
	}
	return serve(ctx, log, addr, server.Routes())
}

// serve answers requests until ctx ends, then finishes those under way.
func serve(ctx context.Context, log *slog.Logger, addr string, handler http.Handler) error {
	srv := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	log.Info("listening", "addr", l.Addr().String())
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		timeout, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		stopped <- srv.Shutdown(timeout)
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
