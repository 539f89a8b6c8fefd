package adopt

// What a page of the shop says.

import (
	"fmt"
	"regexp"
	"strconv"
)

// What each product of a new shop has.
const (
	products       = 1000
	categories     = 20
	initialReviews = 12
	initialStock   = 10_000
)

// A page is the product page's numbers.
type page struct {
	product, reviews, stock, cents int
	newest                         int // number in the text of the newest review, 0 if it is not one of ours
	related                        []priced
}

// A priced is a product in a list.
type priced struct{ product, cents int }

var (
	pricePattern   = regexp.MustCompile(`id="price">€(\d+)\.(\d\d)<`)
	stockPattern   = regexp.MustCompile(`id="stock">(\d+)<`)
	reviewsPattern = regexp.MustCompile(`id="reviews">(\d+)<`)
	newestPattern  = regexp.MustCompile(`<article>\n.*\n<p>Review (\d+) of`)
	articlePattern = regexp.MustCompile(`<article>\n.*\n<p>.*\n`)
	listPattern    = regexp.MustCompile(`<li><a href="/products/(\d+)">[^<]*</a> <span>€(\d+)\.(\d\d)<`)
)

// parsePage reads a product page.
func parsePage(product int, html []byte) (*page, error) {
	price, stock, reviews := pricePattern.FindSubmatch(html), stockPattern.FindSubmatch(html), reviewsPattern.FindSubmatch(html)
	first := articlePattern.Find(html)
	if price == nil || stock == nil || reviews == nil || first == nil {
		return nil, fmt.Errorf("product %d: this is no product page:\n%s", product, html)
	}
	p := &page{product: product, reviews: number(reviews[1]), stock: number(stock[1]), cents: cents(price[1:]), related: parseList(html)}
	if m := newestPattern.FindSubmatch(first); m != nil {
		p.newest = number(m[1])
	}
	return p, nil
}

// parseList reads the products that a page lists.
func parseList(html []byte) []priced {
	var all []priced
	for _, m := range listPattern.FindAllSubmatch(html, -1) {
		all = append(all, priced{number(m[1]), cents(m[2:])})
	}
	return all
}

func cents(m [][]byte) int { return 100*number(m[0]) + number(m[1]) }

// number parses digits that a pattern matched.
func number(digits []byte) int {
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		panic("bug: the pattern lets " + string(digits) + " through")
	}
	return n
}
