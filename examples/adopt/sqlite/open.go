// Package sqlite keeps the shop in a SQLite database.
package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"net/url"
	"runtime"

	_ "modernc.org/sqlite" // the driver
)

//go:embed schema.sql
var schema string

// Open opens the database in a file, and creates it and its tables if need be.
func Open(ctx context.Context, path string) (*sql.DB, error) {
	options := url.Values{
		"_pragma": {
			"journal_mode(WAL)",
			"synchronous(NORMAL)",
			"busy_timeout(5000)",
			"foreign_keys(ON)",
			"temp_store(MEMORY)",
			"cache_size(-16000)", // 16 MB for each connection
		},
		"_txlock": {"immediate"}, // transactions here write: take the lock at once
	}
	db, err := sql.Open("sqlite", "file:"+path+"?"+options.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	connections := max(4, runtime.GOMAXPROCS(0))
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if _, err := db.ExecContext(ctx, schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("create the tables of %s: %w", path, err)
	}
	return db, nil
}
