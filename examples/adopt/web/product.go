package web

// The product page.

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"example.com/shop/shop"
)

// A productPage is what the product page shows.
type productPage struct {
	User    shop.User
	Product shop.Product
	Rating  shop.Rating
	Reviews []shop.Review
	Stock   int
	Related []shop.Product
}

// ShowProduct shows a product with its reviews, its stock and related products.
//
//fluxo:flow
func (s *Server) ShowProduct(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		s.notFound(w, r)
		return
	}
	product, err := s.Catalogue.Product(ctx, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	rating, err := s.Reviews.Rating(ctx, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reviews, err := s.Reviews.Latest(ctx, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	stock, err := s.Warehouse.InStock(ctx, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	related, err := s.Catalogue.Related(ctx, product)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	user, _ := currentUser(ctx)
	html, err := render("product.html", productPage{
		User:    user,
		Product: product,
		Rating:  rating,
		Reviews: reviews,
		Stock:   stock,
		Related: related,
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	send(w, html)
}
