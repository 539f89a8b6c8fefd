module fluxo.dev/fluxo/cmd/fluxo

go 1.26.0

toolchain go1.26.9

require (
	fluxo.dev/fluxo v0.0.0
	github.com/spf13/cobra v1.10.2
	golang.org/x/mod v0.42.0
	golang.org/x/tools v0.52.0
)

require github.com/rogpeppe/go-internal v1.16.0 // indirect

replace fluxo.dev/fluxo => ../..
