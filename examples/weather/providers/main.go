// Command providers is what the weather example depends upon: a geocoder, the map of offices
// and stations, the weather stations, the forecast offices, the warning centre; each as slow, limited and
// unreliable as profiles.json says.
//
//	providers -role all -addr localhost:7101
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"example.com/weather/stations"
	"example.com/weather/zips"
)

// An options is what the command line says.
type options struct {
	role, addr, start string
	seed              uint64
	latency           float64
	control           bool
}

func main() {
	log.SetFlags(0)
	var o options
	flag.StringVar(&o.role, "role", "all", "`name` of one provider: "+strings.Join(roleNames, ", ")+"; or all, in one process")
	flag.StringVar(&o.addr, "addr", "localhost:0", "where to listen, `host:port`")
	flag.Uint64Var(&o.seed, "seed", 1, "of latencies and errors")
	flag.StringVar(&o.start, "start", "", "the `time` of the made-up world at start, as 2006-01-02T15:04:05Z (default now)")
	flag.Float64Var(&o.latency, "latency", 1, "`factor` on all latencies; 0: none")
	flag.BoolVar(&o.control, "control", false, "answer /control?latency=F&now=TIME and /calls, for whoever measures")
	flag.Parse()
	if err := run(o); err != nil {
		log.Fatalf("providers: %v", err)
	}
}

func run(o options) error {
	if !(o.latency >= 0 && o.latency <= maxFactor) {
		return fmt.Errorf("-latency is %v, want 0 to %v", o.latency, maxFactor)
	}
	w := newWorld(o.latency)
	if o.start != "" {
		first, err := time.Parse(time.RFC3339, o.start)
		if err != nil {
			return fmt.Errorf("-start: %w", err)
		}
		w.set(first)
	}
	handler, source, err := build(o, w)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", o.addr)
	if err != nil {
		return err
	}
	log.Printf("%s at http://%s: %s", o.role, ln.Addr(), source)
	return serve(ln, handler)
}

// build puts the providers that are asked for together, and says where their data are from.
func build(o options, w *world) (h http.Handler, source string, err error) {
	known, zipSource, err := zips.Load(os.Getenv("FLUXO_DATA"))
	if err != nil {
		return nil, "", err
	}
	measuring, stationSource, err := stations.Load(os.Getenv("FLUXO_DATA"))
	if err != nil {
		return nil, "", err
	}
	names := roleNames
	if o.role != "all" {
		if names = []string{o.role}; !slices.Contains(roleNames, o.role) {
			return nil, "", fmt.Errorf("-role is %q, want all or one of %s", o.role, strings.Join(roleNames, ", "))
		}
	}
	mux := http.NewServeMux()
	if o.control {
		w.control(mux)
	}
	for _, name := range names {
		profile, err := readProfile(name)
		if err != nil {
			return nil, "", err
		}
		behaved := w.around(profile, o.seed)
		for pattern, answer := range roles(known, measuring, w.now)[name] {
			mux.Handle(pattern, behaved(answer))
		}
	}
	return mux, zipSource + ", " + stationSource, nil
}

// serve answers until the process is told to stop.
func serve(ln net.Listener, handler http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
