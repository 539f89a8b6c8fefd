module fluxo.dev/fluxo/bench

go 1.26.0

toolchain go1.26.9

require (
	fluxo.dev/fluxo v0.0.0-00010101000000-000000000000
	github.com/Code-Hex/go-generics-cache v1.5.1
	github.com/hashicorp/golang-lru/v2 v2.0.7
	github.com/maypok86/otter/v2 v2.4.0
	github.com/prometheus/procfs v0.23.0
	github.com/ulikunitz/xz v0.5.17
	github.com/valyala/fasthttp v1.69.0
)

require golang.org/x/sys v0.49.0 // indirect

require (
	example.com/weather v0.0.0-00010101000000-000000000000
	github.com/andybalholm/brotli v1.2.0 // indirect
	github.com/klauspost/compress v1.18.2 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
)

replace fluxo.dev/fluxo => ..

replace example.com/weather => ../examples/weather
