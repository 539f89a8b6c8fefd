// Command expert is the weather service as somebody would write it by hand who knows it well: the same
// answers as the naive one's to GET /weather/{zip} and GET /weather?zip=…, see package core for the rest.
//
//	expert -addr localhost:8080
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"fluxo.dev/fluxo/bench/weather/expert/core"
)

//go:embed settings.json
var settingsText []byte

// Limits of the server.
const (
	maxConns    = 10_000
	headerTime  = 5 * time.Second
	writeTime   = 40 * time.Second // longer than the deadline of a request
	idleTime    = 2 * time.Minute
	stopTime    = 20 * time.Second
	maxHeader   = 64 << 10
	memoryLimit = 512 << 20
	gcPercent   = 800 // of what is alive, which is little
)

func main() {
	log.SetFlags(0)
	addr := flag.String("addr", "localhost:8080", "where to listen, `host:port`")
	survey := flag.Bool("survey", true, "list the geocoder's places in the background, if the settings say so")
	flag.Parse()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, *survey); err != nil {
		log.Fatalf("expert: %v", err)
	}
}

// run serves until ctx is done, and then finishes what it has begun.
func run(ctx context.Context, addr string, survey bool) error {
	settings, err := core.ParseSettings(settingsText)
	if err != nil {
		return err
	}
	settings.Survey = settings.Survey && survey
	clock := core.NewClock()
	weather, err := core.New(settings, clock, core.At(os.Getenv), core.OverHTTP())
	if err != nil {
		return err
	}
	lines := core.NewLog(os.Stderr)
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	server := newServer(core.NewHandler(weather, lines))
	closeControl, err := control(os.Getenv("FLUXO_CONTROL"), clock)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	background, end := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { weather.Run(background) })
	wg.Go(func() { lines.Run(background) })
	lines.Logger().Info("listening", "url", "http://"+ln.Addr().String())
	lines.Flush()
	err = serve(ctx, server, limit(ln, maxConns))
	closeControl()
	end()
	wg.Wait()
	return err
}

func newServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headerTime, WriteTimeout: writeTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader}
}

// serve serves until ctx is done; requests under way are given stopTime.
func serve(ctx context.Context, server *http.Server, ln net.Listener) error {
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		finish, cancel := context.WithTimeout(context.Background(), stopTime)
		defer cancel()
		stopped <- server.Shutdown(finish)
	}()
	if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving: %w", err)
	}
	return <-stopped
}
