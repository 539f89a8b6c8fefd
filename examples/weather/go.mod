module example.com/weather

go 1.26.0

toolchain go1.26.9

require fluxo.dev/fluxo v0.0.0-00010101000000-000000000000

replace fluxo.dev/fluxo => ../..
