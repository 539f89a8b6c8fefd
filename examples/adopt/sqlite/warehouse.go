package sqlite

// Stock and orders.

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"example.com/shop/shop"
)

// Warehouse is a shop.Warehouse.
type Warehouse struct{ db *sql.DB }

var _ shop.Warehouse = (*Warehouse)(nil)

// NewWarehouse returns the warehouse in db.
func NewWarehouse(db *sql.DB) *Warehouse { return &Warehouse{db} }

// InStock returns how many of a product are left.
func (w *Warehouse) InStock(ctx context.Context, productID int64) (int, error) {
	var n int
	err := w.db.QueryRowContext(ctx, `SELECT quantity FROM stock WHERE product_id = ?`, productID).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("stock of product %d: %w", productID, err)
	}
	return n, nil
}

// Sell takes one of a product and records the order.
func (w *Warehouse) Sell(ctx context.Context, productID int64, customer string) error {
	tx, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("sell product %d: %w", productID, err)
	}
	defer tx.Rollback()
	res, err := tx.ExecContext(ctx, `
		UPDATE stock SET quantity = quantity - 1
		WHERE product_id = ? AND quantity > 0`, productID)
	if err != nil {
		return fmt.Errorf("sell product %d: %w", productID, err)
	}
	if n, err := res.RowsAffected(); err != nil {
		return fmt.Errorf("sell product %d: %w", productID, err)
	} else if n == 0 {
		return fmt.Errorf("sell product %d: %w", productID, shop.ErrSoldOut)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO orders (product_id, customer) VALUES (?, ?)`, productID, customer); err != nil {
		return fmt.Errorf("order of product %d: %w", productID, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("sell product %d: %w", productID, err)
	}
	return nil
}
