package sqlite

// Products and categories.

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"example.com/shop/shop"
)

// Catalogue is a shop.Catalogue.
type Catalogue struct{ db *sql.DB }

var _ shop.Catalogue = (*Catalogue)(nil)

// NewCatalogue returns the catalogue in db.
func NewCatalogue(db *sql.DB) *Catalogue { return &Catalogue{db} }

// Categories returns all categories by name.
func (c *Catalogue) Categories(ctx context.Context) ([]shop.Category, error) {
	rows, err := c.db.QueryContext(ctx, `
		SELECT c.id, c.name, COUNT(p.id)
		FROM categories c LEFT JOIN products p ON p.category_id = c.id
		GROUP BY c.id ORDER BY c.name`)
	if err != nil {
		return nil, fmt.Errorf("categories: %w", err)
	}
	defer rows.Close()
	var categories []shop.Category
	for rows.Next() {
		var c shop.Category
		if err := rows.Scan(&c.ID, &c.Name, &c.Products); err != nil {
			return nil, fmt.Errorf("categories: %w", err)
		}
		categories = append(categories, c)
	}
	return categories, rows.Err()
}

// Product returns one product.
func (c *Catalogue) Product(ctx context.Context, id int64) (shop.Product, error) {
	var p shop.Product
	err := c.db.QueryRowContext(ctx, `
		SELECT p.id, p.category_id, c.name, p.name, p.description, p.price
		FROM products p JOIN categories c ON c.id = p.category_id
		WHERE p.id = ?`, id).
		Scan(&p.ID, &p.CategoryID, &p.CategoryName, &p.Name, &p.Description, &p.Price)
	if errors.Is(err, sql.ErrNoRows) {
		return shop.Product{}, fmt.Errorf("product %d: %w", id, shop.ErrNotFound)
	}
	if err != nil {
		return shop.Product{}, fmt.Errorf("product %d: %w", id, err)
	}
	return p, nil
}

// InCategory returns the products of a category by name.
func (c *Catalogue) InCategory(ctx context.Context, categoryID int64) ([]shop.Product, error) {
	return c.list(ctx, `
		SELECT id, name, price FROM products
		WHERE category_id = ? ORDER BY name`, categoryID)
}

// Related returns six products of the same category that cost about as much.
func (c *Catalogue) Related(ctx context.Context, p shop.Product) ([]shop.Product, error) {
	return c.list(ctx, `
		SELECT id, name, price FROM products
		WHERE category_id = ? AND id <> ?
		ORDER BY ABS(price - ?), id LIMIT 6`, p.CategoryID, p.ID, p.Price)
}

func (c *Catalogue) list(ctx context.Context, query string, args ...any) ([]shop.Product, error) {
	rows, err := c.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("products: %w", err)
	}
	defer rows.Close()
	var products []shop.Product
	for rows.Next() {
		var p shop.Product
		if err := rows.Scan(&p.ID, &p.Name, &p.Price); err != nil {
			return nil, fmt.Errorf("products: %w", err)
		}
		products = append(products, p)
	}
	return products, rows.Err()
}

// SetPrice changes the price of a product.
func (c *Catalogue) SetPrice(ctx context.Context, p shop.Product, price shop.Cents) error {
	if _, err := c.db.ExecContext(ctx, `UPDATE products SET price = ? WHERE id = ?`, price, p.ID); err != nil {
		return fmt.Errorf("price of product %d: %w", p.ID, err)
	}
	return nil
}
