package shop

import (
	"context"
	"fmt"
	"html/template"
	"log/slog"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/pkg/errors"
)

type ctxKeySession struct{}
type ctxKeyLogger struct{}

const (
	cookiePrefix   = "shop_"
	cookieCurrency = cookiePrefix + "currency"
	cookieMaxAge   = 60 * 60 * 48
)

var templates = template.Must(template.New("").
	Funcs(template.FuncMap{"renderMoney": renderMoney}).
	Parse(pagesSource))

type Frontend struct {
	catalog   ProductCatalog
	carts     Carts
	currency  CurrencyConverter
	recommend Recommender
	shipping  Shipper
	payments  Payments
	mail      Mailer
	ads       AdServer
}

type productView struct {
	Item  *Product
	Price Money
}

//fluxo:flow
func (fe *Frontend) homeHandler(w http.ResponseWriter, r *http.Request) {
	log := r.Context().Value(ctxKeyLogger{}).(*slog.Logger)
	log.Info("home", "currency", currentCurrency(r))

	currencies, err := fe.currency.Supported(r.Context())
	if err != nil {
		renderHTTPError(log, r, w, errors.Wrap(err, "could not retrieve currencies"), http.StatusInternalServerError)
		return
	}
	products, err := fe.catalog.ListProducts(r.Context())
	if err != nil {
		renderHTTPError(log, r, w, errors.Wrap(err, "could not retrieve products"), http.StatusInternalServerError)
		return
	}
	cart, err := fe.carts.GetCart(r.Context(), sessionID(r))
	if err != nil {
		renderHTTPError(log, r, w, errors.Wrap(err, "could not retrieve cart"), http.StatusInternalServerError)
		return
	}

	ps := make([]productView, len(products))
	for i, p := range products {
		price, err := fe.convertCurrency(r.Context(), p.Price, currentCurrency(r))
		if err != nil {
			renderHTTPError(log, r, w, errors.Wrapf(err, "failed to do currency conversion for product %s", p.ID), http.StatusInternalServerError)
			return
		}
		ps[i] = productView{p, price}
	}

	// The banner is for the demo stand only.
	banner := os.Getenv("BANNER_COLOR")

	if err := templates.ExecuteTemplate(w, "home", map[string]interface{}{
		"session_id":    sessionID(r),
		"user_currency": currentCurrency(r),
		"currencies":    currencies,
		"products":      ps,
		"cart_size":     cartSize(cart),
		"banner_color":  banner,
		"ad":            fe.chooseAd(r.Context(), []string{}, log),
	}); err != nil {
		log.Error("render", "err", err)
	}
}

//fluxo:flow
func (fe *Frontend) productHandler(w http.ResponseWriter, r *http.Request) {
	log := r.Context().Value(ctxKeyLogger{}).(*slog.Logger)
	id := r.PathValue("id")
	if id == "" {
		renderHTTPError(log, r, w, errors.New("product id not specified"), http.StatusBadRequest)
		return
	}
	log.Debug("serving product page", "id", id, "currency", currentCurrency(r))

	p, err := fe.catalog.GetProduct(r.Context(), id)
	if err != nil {
		renderHTTPError(log, r, w, errors.Wrap(err, "could not retrieve product"), http.StatusInternalServerError)
		return
	}
	currencies, err := fe.currency.Supported(r.Context())
	if err != nil {
		renderHTTPError(log, r, w, errors.Wrap(err, "could not retrieve currencies"), http.StatusInternalServerError)
		return
	}
	cart, err := fe.carts.GetCart(r.Context(), sessionID(r))
	if err != nil {
		renderHTTPError(log, r, w, errors.Wrap(err, "could not retrieve cart"), http.StatusInternalServerError)
		return
	}
	price, err := fe.convertCurrency(r.Context(), p.Price, currentCurrency(r))
	if err != nil {
		renderHTTPError(log, r, w, errors.Wrap(err, "failed to convert currency"), http.StatusInternalServerError)
		return
	}

	// Recommendations are nice to have, so errors are only logged.
	recommendations, err := fe.getRecommendations(r.Context(), sessionID(r), []string{id})
	if err != nil {
		log.Warn("failed to get product recommendations", "error", err)
	}

	product := struct {
		Item  *Product
		Price Money
	}{p, price}

	if err := templates.ExecuteTemplate(w, "product", map[string]interface{}{
		"session_id":      sessionID(r),
		"ad":              fe.chooseAd(r.Context(), p.Categories, log),
		"user_currency":   currentCurrency(r),
		"currencies":      currencies,
		"product":         product,
		"recommendations": recommendations,
		"cart_size":       cartSize(cart),
		"year":            time.Now().Year(),
	}); err != nil {
		log.Error("render", "err", err)
	}
}

//fluxo:flow
func (fe *Frontend) setCurrencyHandler(w http.ResponseWriter, r *http.Request) {
	cur := r.FormValue("currency_code")
	if len(cur) != 3 {
		http.Error(w, "bad currency: "+strconv.Quote(cur), http.StatusUnprocessableEntity)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: cookieCurrency, Value: cur, MaxAge: cookieMaxAge})
	referer := r.Header.Get("referer")
	if referer == "" {
		referer = "/"
	}
	w.Header().Set("Location", referer)
	w.WriteHeader(http.StatusFound)
}

// chooseAd queries for advertisements and picks one at random. Failures are logged.
func (fe *Frontend) chooseAd(ctx context.Context, keywords []string, log *slog.Logger) *Ad {
	ads, err := fe.ads.GetAds(ctx, keywords)
	if err != nil {
		log.Warn("failed to retrieve ads", "error", err)
		return nil
	}
	if len(ads) == 0 {
		return nil
	}
	return ads[rand.Intn(len(ads))]
}

func (fe *Frontend) convertCurrency(ctx context.Context, m Money, currency string) (Money, error) {
	if m.Currency == currency {
		return m, nil
	}
	return fe.currency.Convert(ctx, m, currency)
}

func (fe *Frontend) getRecommendations(ctx context.Context, userID string, ids []string) ([]*Product, error) {
	recs, err := fe.recommend.Recommend(ctx, userID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*Product, len(recs))
	for i, id := range recs {
		p, err := fe.catalog.GetProduct(ctx, id)
		if err != nil {
			return nil, errors.Wrapf(err, "failed to get recommended product info (#%s)", id)
		}
		out[i] = p
	}
	if len(out) > 4 {
		out = out[:4] // take only first four to fit the UI
	}
	return out, nil
}

func currentCurrency(r *http.Request) string {
	c, _ := r.Cookie(cookieCurrency)
	if c != nil {
		return c.Value
	}
	return "USD"
}

func sessionID(r *http.Request) string {
	v := r.Context().Value(ctxKeySession{})
	if v != nil {
		return v.(string)
	}
	return ""
}

func cartSize(c []*CartItem) int {
	cartSize := 0
	for _, item := range c {
		cartSize += int(item.Quantity)
	}
	return cartSize
}

func renderMoney(money Money) string {
	return fmt.Sprintf("%s%d.%02d", money.Currency, money.Units, money.Nanos/10000000)
}

func renderHTTPError(log *slog.Logger, r *http.Request, w http.ResponseWriter, err error, code int) {
	log.Error("request error", "error", err, "path", r.URL.Path)
	w.WriteHeader(code)
	if templateErr := templates.ExecuteTemplate(w, "error", map[string]interface{}{
		"error":       err.Error(),
		"status_code": code,
		"status":      http.StatusText(code),
	}); templateErr != nil {
		log.Error("render", "err", templateErr)
	}
}

const pagesSource = `
{{define "home"}}<h1>Shop</h1>{{range .products}}<a href="/product/{{.Item.ID}}">{{.Item.Name}} {{renderMoney .Price}}</a>{{end}}{{end}}
{{define "product"}}<h1>{{.product.Item.Name}}</h1><p>{{.product.Item.Description}}</p>{{renderMoney .product.Price}}{{end}}
{{define "cart"}}{{range .items}}<li>{{.Item.Name}} × {{.Quantity}} {{renderMoney .Price}}</li>{{end}}{{renderMoney .total_cost}}{{end}}
{{define "order"}}Order {{.order.ID}}: {{renderMoney .total_paid}}{{end}}
{{define "error"}}{{.status_code}} {{.status}}: {{.error}}{{end}}
`
