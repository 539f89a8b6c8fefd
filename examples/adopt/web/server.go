// Package web is the shop's web pages.
package web

import (
	"log/slog"
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/shop/shop"
)

// A Server answers requests from its stores.
type Server struct {
	Log       *slog.Logger
	Sessions  Sessions
	Catalogue shop.Catalogue
	Reviews   shop.Reviews
	Warehouse shop.Warehouse
}

// Routes returns the handler of the whole site.
func (s *Server) Routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.logRequests, s.recoverPanics, s.Sessions.signIn)
	r.Get("/", s.ShowHome)
	r.Get("/categories/{id}", s.ShowCategory)
	r.Get("/products/{id}", s.ShowProduct)
	r.Group(func(r chi.Router) {
		r.Use(requireUser)
		r.Post("/products/{id}/reviews", s.AddReview)
		r.Post("/products/{id}/orders", s.Buy)
	})
	r.Group(func(r chi.Router) {
		r.Use(requireUser, requireAdmin)
		r.Post("/products/{id}/price", s.SetPrice)
	})
	r.NotFound(s.notFound)
	return r
}
