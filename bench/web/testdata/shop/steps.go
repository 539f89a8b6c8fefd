package shop

// The steps, which both services call.

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// A Product is something for sale.
type Product struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

var products = func() []Product {
	all := make([]Product, 1000)
	for i := range all {
		all[i] = Product{i, "Product " + strconv.Itoa(i), 100 + 7*i}
	}
	return all
}()

// Find finds a product.
//
//fluxo:volatile 1h
func Find(ctx context.Context, id int) (Product, error) {
	if id < 0 || id >= len(products) {
		return Product{}, fmt.Errorf("there is no product %d", id)
	}
	return products[id], nil
}

// Quote gives a price in a currency.
//
//fluxo:volatile 1h
func Quote(ctx context.Context, cents int, currency string) (string, error) {
	switch currency {
	case "EUR":
	case "USD":
		cents = cents * 117 / 100
	default:
		return "", errors.New("unknown currency " + strconv.Quote(currency))
	}
	return fmt.Sprintf("%d.%02d %s", cents/100, cents%100, currency), nil
}

// Related finds products that go with one.
//
//fluxo:volatile 1h
func Related(ctx context.Context, id int) ([]Product, error) {
	all := make([]Product, 0, 3)
	for _, by := range []int{1, 17, 389} {
		all = append(all, products[(id+by)%len(products)])
	}
	return all, nil
}
