module example.com/patterns/chain

go 1.26.0

toolchain go1.26.9

require fluxo.dev/fluxo v0.0.0

replace fluxo.dev/fluxo => ../..
