// Command providers is one of the services that the weather example depends upon:
// a geocoder, weather stations, or a warning centre, each as slow, limited and
// unreliable as profiles.json says.
//
//	providers -role geocoder -addr localhost:7101
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/weather/zips"
)

func main() {
	log.SetFlags(0)
	role := flag.String("role", "", "`name` of the provider: geocoder, stations or warnings")
	addr := flag.String("addr", "localhost:0", "where to listen, `host:port`")
	seed := flag.Uint64("seed", 1, "of latencies and errors")
	start := flag.String("start", "", "the `time` of the made-up world at start, as 2006-01-02T15:04:05Z (default now)")
	flag.Parse()
	if err := run(*role, *addr, *seed, *start); err != nil {
		log.Fatalf("providers: %v", err)
	}
}

func run(role, addr string, seed uint64, start string) error {
	clock := time.Now
	if start != "" {
		first, err := time.Parse(time.RFC3339, start)
		if err != nil {
			return fmt.Errorf("-start: %w", err)
		}
		began := time.Now()
		clock = func() time.Time { return first.Add(time.Since(began)) }
	}
	known, source, err := zips.Load(os.Getenv("FLUXO_DATA"))
	if err != nil {
		return err
	}
	answers, ok := roles(known, clock)[role]
	if !ok {
		return fmt.Errorf("-role is %q, want geocoder, stations or warnings", role)
	}
	profile, err := readProfile(role)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	log.Printf("%s at http://%s: median %v, rate %.0f/s, errors %.1f %%; %s",
		role, ln.Addr(), profile.median(), profile.Rate, 100*profile.Errors, source)
	return serve(ln, profile.around(answers, seed))
}

// serve answers until the process is told to stop.
func serve(ln net.Listener, handler http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.Serve(ln); err != http.ErrServerClosed {
		return err
	}
	return nil
}
