package sqlite

// What a new database is filled with.

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// How large the made-up shop is.
const (
	products          = 1000
	categories        = 20
	reviewsPerProduct = 12
	stockPerProduct   = 10_000
)

// Fill puts a made-up shop into an empty database, always the same one. It
// leaves a database that has products alone.
func Fill(ctx context.Context, db *sql.DB) error {
	var n int
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM products`).Scan(&n); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	if n > 0 {
		return nil
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	defer tx.Rollback()
	f := filler{ctx: ctx, tx: tx, rng: rand.New(rand.NewPCG(1, 2))}
	f.fill()
	if f.err != nil {
		return fmt.Errorf("fill: %w", f.err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	return nil
}

// A filler writes rows until the first error.
type filler struct {
	ctx context.Context
	tx  *sql.Tx
	rng *rand.Rand
	err error
}

func (f *filler) fill() {
	for id := 1; id <= categories; id++ {
		f.insert(`INSERT INTO categories (id, name) VALUES (?, ?)`, id, nouns[id-1]+"s")
	}
	since := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for id := 1; id <= products; id++ {
		category := f.rng.IntN(categories)
		name := fmt.Sprintf("%s %s no. %d", f.pick(adjectives), strings.ToLower(nouns[category]), id)
		f.insert(`INSERT INTO products (id, category_id, name, description, price) VALUES (?, ?, ?, ?, ?)`,
			id, 1+category, name, f.text(40), 100*(1+f.rng.IntN(500))-1)
		f.insert(`INSERT INTO stock (product_id, quantity) VALUES (?, ?)`, id, stockPerProduct)
		for range reviewsPerProduct {
			since = since.Add(time.Duration(f.rng.IntN(3600)) * time.Second)
			f.insert(`INSERT INTO reviews (product_id, author, stars, body, created_at) VALUES (?, ?, ?, ?, ?)`,
				id, f.pick(names), 1+f.rng.IntN(5), f.text(5+f.rng.IntN(25)), since.Unix())
		}
	}
}

func (f *filler) insert(query string, args ...any) {
	if f.err == nil {
		_, f.err = f.tx.ExecContext(f.ctx, query, args...)
	}
}

func (f *filler) pick(words []string) string { return words[f.rng.IntN(len(words))] }

// text returns n words.
func (f *filler) text(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = f.pick(adjectives)
		if i%3 == 2 {
			words[i] = f.pick(nouns)
		}
	}
	text := strings.ToLower(strings.Join(words, " "))
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

var (
	adjectives = strings.Fields(`Amber Bold Calm Deft Early Fine Gilded Handy Idle Jolly Keen Light Mellow
		Neat Oaken Plain Quiet Round Stout Tidy Umber Vivid Warm Young Zesty`)
	nouns = strings.Fields(`Kettle Lamp Chair Ladle Basket Mirror Teapot Rug Clock Saucer Bowl Candle
		Hammer Spoon Desk Blanket Mug Tray Stool Vase`)
	names = strings.Fields(`Ada Bruno Cleo Dario Edda Farid Greta Hugo Ines Jonas Katya Leo Mina Nils Olga Pia`)
)
