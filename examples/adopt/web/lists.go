package web

// The home page and the categories.

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"example.com/shop/shop"
)

// ShowHome shows the categories.
func (s *Server) ShowHome(w http.ResponseWriter, r *http.Request) {
	categories, err := s.Catalogue.Categories(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	user, _ := currentUser(r.Context())
	html, err := render("home.html", struct {
		User       shop.User
		Categories []shop.Category
	}{user, categories})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	send(w, html)
}

// ShowCategory shows the products of a category.
func (s *Server) ShowCategory(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		s.notFound(w, r)
		return
	}
	products, err := s.Catalogue.InCategory(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	user, _ := currentUser(r.Context())
	html, err := render("category.html", struct {
		User     shop.User
		Products []shop.Product
	}{user, products})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	send(w, html)
}
