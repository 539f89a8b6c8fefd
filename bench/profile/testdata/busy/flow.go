package main

// A flow that finds all it needs in memory, in less than 20 µs.

import (
	"context"
	"errors"
	"hash/fnv"
	"sort"
	"strconv"
)

const (
	products  = 1 << 12
	perPage   = 12
	relatives = 3
)

// A Product is one line of a page.
type Product struct {
	ID    int
	Name  string
	Price int
}

// A Page is what is answered.
type Page struct {
	Category string
	Products []Product
	Total    int
	Digest   uint64
}

var catalogue = func() (all []Product) {
	for i := range products {
		all = append(all, Product{i, "product number " + strconv.Itoa(i), 100 + i*7919%5000})
	}
	return all
}()

// Category finds out which category a query is about.
//
//fluxo:volatile 1h
//go:noinline
func Category(ctx context.Context, query string) (int, error) {
	if query == "" {
		return 0, errors.New("nothing is asked for")
	}
	h := fnv.New32a()
	h.Write([]byte(query))
	return int(h.Sum32() % products), nil
}

// Find lists the products of a category, the cheapest first.
//
//fluxo:volatile 10m
//go:noinline
func Find(ctx context.Context, category int) ([]Product, error) {
	found := make([]Product, 0, perPage)
	for i := range perPage {
		p := catalogue[(category+i*i)%products]
		p.Name += " of " + strconv.Itoa(category)
		found = append(found, p)
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Price < found[j].Price })
	return found, nil
}

// Discount is what is taken off a total.
//
//fluxo:volatile 1m
//go:noinline
func Discount(ctx context.Context, total int) (int, error) { return total / 20, nil }

// Digest makes a page comparable.
//
//fluxo:pure
//go:noinline
func Digest(found []Product) uint64 {
	h := fnv.New64a()
	for range relatives {
		for _, p := range found {
			h.Write([]byte(p.Name))
		}
	}
	return h.Sum64()
}

// Search answers a query.
//
//fluxo:flow
func Search(ctx context.Context, query string) (Page, error) {
	category, err := Category(ctx, query)
	if err != nil {
		return Page{}, err
	}
	found, err := Find(ctx, category)
	if err != nil {
		return Page{}, err
	}
	total := 0
	for _, p := range found {
		total += p.Price
	}
	off, err := Discount(ctx, total)
	if err != nil {
		return Page{}, err
	}
	digest := Digest(found)
	return Page{Category: strconv.Itoa(category), Products: found, Total: total - off, Digest: digest}, nil
}
