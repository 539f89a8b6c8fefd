// Package shop is a service of one route whose steps take next to no time, so
// that what is left to measure is what serves them.
package shop

import "context"

// A View is a product as its page shows it.
type View struct {
	Product Product   `json:"product"`
	Price   string    `json:"price"`
	Related []Product `json:"related"`
}

// Show shows a product.
//
//fluxo:get /products/{id}
func Show(ctx context.Context, id int, currency *string) (View, error) {
	p, err := Find(ctx, id)
	if err != nil {
		return View{}, err
	}
	in := "EUR"
	if currency != nil {
		in = *currency
	}
	price, err := Quote(ctx, p.Cents, in)
	if err != nil {
		return View{}, err
	}
	related, err := Related(ctx, p.ID)
	if err != nil {
		return View{}, err
	}
	return View{Product: p, Price: price, Related: related}, nil
}
