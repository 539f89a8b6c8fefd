// Package export writes profiles and traces as files that other tools open: pprof for go tool pprof, Parquet for
// DuckDB, pandas and the like.
package export
