// Package shop holds what the shop sells and what its customers say about it:
// the types, and the stores that the rest of the program is written against.
package shop

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Errors of the stores.
var (
	ErrNotFound = errors.New("not found")
	ErrSoldOut  = errors.New("sold out")
)

// Cents is an amount of money.
type Cents int64

func (c Cents) String() string { return fmt.Sprintf("€%d.%02d", c/100, c%100) }

// A Product is one article of the catalogue.
type Product struct {
	ID           int64
	CategoryID   int64
	CategoryName string
	Name         string
	Description  string
	Price        Cents
}

// A Category groups products.
type Category struct {
	ID       int64
	Name     string
	Products int
}

// A Review is what one customer wrote about one product.
type Review struct {
	ID        int64
	ProductID int64
	Author    string
	Stars     int // 1 to 5
	Body      string
	CreatedAt time.Time
}

// A Rating sums up the reviews of a product.
type Rating struct {
	Count   int
	Average float64
}

// A User is who is signed in.
type User struct {
	Name  string
	Admin bool
}

// A Catalogue stores products.
type Catalogue interface {
	Categories(ctx context.Context) ([]Category, error)
	//fluxo:reads products:{id}
	Product(ctx context.Context, id int64) (Product, error)
	InCategory(ctx context.Context, categoryID int64) ([]Product, error)
	// Related returns a few products of the same category that cost about as much.
	//
	//fluxo:reads listings:{p.CategoryID}
	Related(ctx context.Context, p Product) ([]Product, error)
	//fluxo:writes products:{p.ID} listings:{p.CategoryID}
	SetPrice(ctx context.Context, p Product, price Cents) error
}

// Reviews stores what customers wrote.
type Reviews interface {
	// Latest returns the newest reviews of a product, newest first.
	//
	//fluxo:reads reviews:{productID}
	Latest(ctx context.Context, productID int64) ([]Review, error)
	//fluxo:reads reviews:{productID}
	Rating(ctx context.Context, productID int64) (Rating, error)
	//fluxo:writes reviews:{r.ProductID}
	Add(ctx context.Context, r Review) error
}

// A Warehouse knows how many of each product are left.
type Warehouse interface {
	//fluxo:reads stock:{productID}
	InStock(ctx context.Context, productID int64) (int, error)
	// Sell takes one of a product for a customer; ErrSoldOut if there is none.
	//
	//fluxo:writes stock:{productID}
	Sell(ctx context.Context, productID int64, customer string) error
}
