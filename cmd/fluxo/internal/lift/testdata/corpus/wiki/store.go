package wiki

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

var errNotFound = errors.New("page not found")

type Page struct {
	Title    string
	Body     []byte
	Author   string
	Revision int
	Saved    time.Time
}

type Hit struct {
	Title   string
	Snippet string
	Rank    float64
}

// Store is the wiki's database.
type Store struct {
	DB *sql.DB
}

//fluxo:reads pages:{title}
func (s *Store) Latest(ctx context.Context, title string) (*Page, error) {
	p := Page{Title: title}
	row := s.DB.QueryRowContext(ctx, `
		SELECT body, author, revision, saved FROM pages
		WHERE title = $1 ORDER BY revision DESC LIMIT 1`, title)
	err := row.Scan(&p.Body, &p.Author, &p.Revision, &p.Saved)
	if err == sql.ErrNoRows {
		return nil, errNotFound
	} else if err != nil {
		return nil, err
	}
	return &p, nil
}

//fluxo:reads pages:{title}
func (s *Store) History(ctx context.Context, title string, before, limit int) ([]Page, error) {
	rows, err := s.DB.QueryContext(ctx, `
		SELECT author, revision, saved FROM pages
		WHERE title = $1 AND revision < $2 ORDER BY revision DESC LIMIT $3`, title, before, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()

	var pages []Page
	for rows.Next() {
		var p Page
		if err := rows.Scan(&p.Author, &p.Revision, &p.Saved); err != nil {
			return nil, err
		}
		p.Title = title
		pages = append(pages, p)
	}
	return pages, rows.Err()
}

//fluxo:reads pages
func (s *Store) Search(ctx context.Context, q string, limit int) ([]Hit, error) {
	rows, err := s.DB.QueryContext(ctx, `SELECT title, snippet, rank FROM search($1) LIMIT $2`, q, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	hits := []Hit{}
	for rows.Next() {
		var h Hit
		if err := rows.Scan(&h.Title, &h.Snippet, &h.Rank); err != nil {
			return nil, err
		}
		hits = append(hits, h)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return hits, nil
}

// Save adds a revision, unless somebody else saved one meanwhile.
//
//fluxo:writes pages:{p.Title}
func (s *Store) Save(ctx context.Context, p *Page, base int) error {
	tx, err := s.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()

	var latest sql.NullInt64
	if err := tx.QueryRowContext(ctx, `SELECT MAX(revision) FROM pages WHERE title = $1`, p.Title).Scan(&latest); err != nil {
		return err
	}
	if int(latest.Int64) != base {
		return errConflict
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO pages (title, body, author, revision, saved) VALUES ($1, $2, $3, $4, $5)`,
		p.Title, p.Body, p.Author, base+1, p.Saved); err != nil {
		return err
	}
	return tx.Commit()
}

var errConflict = errors.New("somebody else saved this page meanwhile")
