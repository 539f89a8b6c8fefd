module example.com/weather/demo

go 1.26.0

toolchain go1.26.9

require (
	example.com/weather v0.0.0-00010101000000-000000000000
	fluxo.dev/fluxo v0.0.0-00010101000000-000000000000
	fluxo.dev/fluxo/bench v0.0.0-00010101000000-000000000000
)

require (
	github.com/prometheus/procfs v0.23.0 // indirect
	github.com/ulikunitz/xz v0.5.17 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace (
	example.com/weather => ..
	fluxo.dev/fluxo => ../../..
	fluxo.dev/fluxo/bench => ../../../bench
)
