package sqlite

// What customers wrote.

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"example.com/shop/shop"
)

// Reviews is a shop.Reviews.
type Reviews struct{ db *sql.DB }

var _ shop.Reviews = (*Reviews)(nil)

// NewReviews returns the reviews in db.
func NewReviews(db *sql.DB) *Reviews { return &Reviews{db} }

// Latest returns the ten newest reviews of a product.
func (s *Reviews) Latest(ctx context.Context, productID int64) ([]shop.Review, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT id, product_id, author, stars, body, created_at FROM reviews
		WHERE product_id = ? ORDER BY id DESC LIMIT 10`, productID)
	if err != nil {
		return nil, fmt.Errorf("reviews of product %d: %w", productID, err)
	}
	defer rows.Close()
	var reviews []shop.Review
	for rows.Next() {
		var r shop.Review
		var created int64
		if err := rows.Scan(&r.ID, &r.ProductID, &r.Author, &r.Stars, &r.Body, &created); err != nil {
			return nil, fmt.Errorf("reviews of product %d: %w", productID, err)
		}
		r.CreatedAt = time.Unix(created, 0).UTC()
		reviews = append(reviews, r)
	}
	return reviews, rows.Err()
}

// Rating counts the reviews of a product and averages their stars.
func (s *Reviews) Rating(ctx context.Context, productID int64) (shop.Rating, error) {
	var r shop.Rating
	err := s.db.QueryRowContext(ctx, `
		SELECT COUNT(*), COALESCE(AVG(stars), 0) FROM reviews
		WHERE product_id = ?`, productID).Scan(&r.Count, &r.Average)
	if err != nil {
		return shop.Rating{}, fmt.Errorf("rating of product %d: %w", productID, err)
	}
	return r, nil
}

// Add stores a review.
func (s *Reviews) Add(ctx context.Context, r shop.Review) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO reviews (product_id, author, stars, body, created_at)
		VALUES (?, ?, ?, ?, ?)`, r.ProductID, r.Author, r.Stars, r.Body, r.CreatedAt.Unix())
	if err != nil {
		return fmt.Errorf("review of product %d: %w", r.ProductID, err)
	}
	return nil
}
