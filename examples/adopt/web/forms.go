package web

// What customers and the shop's own people change.

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"example.com/shop/shop"
)

const maxForm = 64 << 10 // bytes

// AddReview stores a review of a product.
func (s *Server) AddReview(w http.ResponseWriter, r *http.Request) {
	id, ok := s.productID(w, r)
	if !ok {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	stars, err := strconv.Atoi(r.FormValue("stars"))
	body := strings.TrimSpace(r.FormValue("body"))
	if err != nil || stars < 1 || stars > 5 || body == "" {
		http.Error(w, "A review has one to five stars and a text.", http.StatusBadRequest)
		return
	}
	user, _ := currentUser(r.Context())
	review := shop.Review{ProductID: id, Author: user.Name, Stars: stars, Body: body, CreatedAt: time.Now()}
	if err := s.Reviews.Add(r.Context(), review); err != nil {
		s.fail(w, r, err)
		return
	}
	backTo(w, r, id)
}

// Buy sells one of a product to the signed-in user.
func (s *Server) Buy(w http.ResponseWriter, r *http.Request) {
	id, ok := s.productID(w, r)
	if !ok {
		return
	}
	user, _ := currentUser(r.Context())
	if err := s.Warehouse.Sell(r.Context(), id, user.Name); err != nil {
		s.fail(w, r, err)
		return
	}
	backTo(w, r, id)
}

// SetPrice changes the price of a product.
func (s *Server) SetPrice(w http.ResponseWriter, r *http.Request) {
	id, ok := s.productID(w, r)
	if !ok {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	price, err := strconv.ParseInt(r.FormValue("cents"), 10, 64)
	if err != nil || price < 0 {
		http.Error(w, "A price is a number of cents.", http.StatusBadRequest)
		return
	}
	product, err := s.Catalogue.Product(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if err := s.Catalogue.SetPrice(r.Context(), product, shop.Cents(price)); err != nil {
		s.fail(w, r, err)
		return
	}
	backTo(w, r, id)
}

// productID returns the product that the path names; if it names none, the
// request has been answered.
func (s *Server) productID(w http.ResponseWriter, r *http.Request) (int64, bool) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		s.notFound(w, r)
		return 0, false
	}
	return id, true
}

// backTo sends the browser back to a product's page.
func backTo(w http.ResponseWriter, r *http.Request, id int64) {
	http.Redirect(w, r, fmt.Sprintf("/products/%d", id), http.StatusSeeOther)
}
