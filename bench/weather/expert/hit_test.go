package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"fluxo.dev/fluxo/bench/load"
	"fluxo.dev/fluxo/bench/weather/expert/core"
)

// BenchmarkHit asks for what is ready over 64 connections, from within this process: so the
// processor time per request has the client's in it.
func BenchmarkHit(b *testing.B) {
	settings, err := core.ParseSettings(settingsText)
	if err != nil {
		b.Fatal(err)
	}
	settings.Survey = false
	weather, err := core.New(settings, core.NewClock(), core.At(func(string) string { return "x" }), made)
	if err != nil {
		b.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := newServer(core.NewHandler(weather, core.NewLog(io.Discard)))
	go server.Serve(limit(ln, maxConns))
	defer server.Close()
	const clients, towns = 64, 500
	all, err := load.DialAll(ln.Addr().String(), clients)
	if err != nil {
		b.Fatal(err)
	}
	defer all.Close()
	path := func(_, i int) string { return paths[i%towns] }
	if _, err := all[:1].Rate(towns, path, load.OK); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	before := processor()
	if _, err := all.Rate(b.N/clients+1, path, load.OK); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(processor()-before)/float64(b.N), "cpu-ns/op")
}

var paths = func() (paths []string) {
	for i := range 500 {
		paths = append(paths, fmt.Sprint("/weather/", 60000+i))
	}
	return paths
}()

// made makes answers up.
func made(_ context.Context, _ core.Provider, path string) ([]byte, error) {
	switch {
	case strings.HasPrefix(path, "/zip/"):
		return fmt.Appendf(nil, `{"zip":%q,"state":"IL","lat":41,"lon":%s}`, path[5:], path[5:]), nil
	case strings.HasPrefix(path, "/points/"):
		return []byte(`{"office":"ABC","station":"S1","zone":"America/Chicago"}`), nil
	case strings.HasPrefix(path, "/gridpoints/"):
		return []byte("[" + strings.Repeat(`{"begin":"2026-03-01T12:00:00Z","sky":"clear","temp_c":20.5},`, 13) + "{}]"), nil
	case strings.HasPrefix(path, "/alerts/"):
		return []byte("[]"), nil
	}
	return []byte("{}"), nil
}

// processor is the processor time of this process.
func processor() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
