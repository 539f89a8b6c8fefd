package shop

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/pkg/errors"
)

type CreditCard struct {
	Number   string
	CVV      int32
	ExpMonth int32
	ExpYear  int32
}

//fluxo:flow
func (fe *Frontend) viewCartHandler(w http.ResponseWriter, r *http.Request) {
	log := r.Context().Value(ctxKeyLogger{}).(*slog.Logger)
	log.Debug("view user cart")
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

	recommendations, err := fe.getRecommendations(r.Context(), sessionID(r), cartIDs(cart))
	if err != nil {
		log.Warn("failed to get product recommendations", "error", err)
	}

	shippingCost, err := fe.getShippingQuote(r.Context(), cart, currentCurrency(r))
	if err != nil {
		renderHTTPError(log, r, w, errors.Wrap(err, "failed to get shipping quote"), http.StatusInternalServerError)
		return
	}

	type cartItemView struct {
		Item     *Product
		Quantity int32
		Price    *Money
	}
	items := make([]cartItemView, len(cart))
	totalPrice := Money{Currency: currentCurrency(r)}
	for i, item := range cart {
		p, err := fe.catalog.GetProduct(r.Context(), item.ProductID)
		if err != nil {
			renderHTTPError(log, r, w, errors.Wrapf(err, "could not retrieve product #%s", item.ProductID), http.StatusInternalServerError)
			return
		}
		price, err := fe.convertCurrency(r.Context(), p.Price, currentCurrency(r))
		if err != nil {
			renderHTTPError(log, r, w, errors.Wrapf(err, "could not convert currency for product #%s", item.ProductID), http.StatusInternalServerError)
			return
		}

		multPrice, err := Multiply(price, uint32(item.Quantity))
		if err != nil {
			renderHTTPError(log, r, w, err, http.StatusInternalServerError)
			return
		}
		items[i] = cartItemView{
			Item:     p,
			Quantity: item.Quantity,
			Price:    &multPrice,
		}
		totalPrice, err = Sum(totalPrice, multPrice)
		if err != nil {
			renderHTTPError(log, r, w, err, http.StatusInternalServerError)
			return
		}
	}
	totalPrice, err = Sum(totalPrice, shippingCost)
	if err != nil {
		renderHTTPError(log, r, w, err, http.StatusInternalServerError)
		return
	}

	if err := templates.ExecuteTemplate(w, "cart", map[string]interface{}{
		"user_currency":   currentCurrency(r),
		"currencies":      currencies,
		"recommendations": recommendations,
		"cart_size":       cartSize(cart),
		"shipping_cost":   shippingCost,
		"total_cost":      totalPrice,
		"items":           items,
	}); err != nil {
		log.Error("render", "err", err)
	}
}

//fluxo:flow
func (fe *Frontend) addToCartHandler(w http.ResponseWriter, r *http.Request) {
	log := r.Context().Value(ctxKeyLogger{}).(*slog.Logger)
	quantity, _ := strconv.ParseUint(r.FormValue("quantity"), 10, 32)
	productID := r.FormValue("product_id")
	if productID == "" || quantity == 0 {
		renderHTTPError(log, r, w, errors.New("invalid form input"), http.StatusBadRequest)
		return
	}
	log.Debug("adding to cart", "product", productID, "quantity", quantity)

	p, err := fe.catalog.GetProduct(r.Context(), productID)
	if err != nil {
		renderHTTPError(log, r, w, errors.Wrap(err, "could not retrieve product"), http.StatusInternalServerError)
		return
	}

	if err := fe.carts.AddItem(r.Context(), sessionID(r), &CartItem{ProductID: p.ID, Quantity: int32(quantity)}); err != nil {
		renderHTTPError(log, r, w, errors.Wrap(err, "failed to add to cart"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("location", "/cart")
	w.WriteHeader(http.StatusFound)
}

// PlaceOrder charges the card, ships the cart and mails a confirmation.
//
//fluxo:flow
func (fe *Frontend) PlaceOrder(ctx context.Context, userID, currency, email string, addr *Address, card *CreditCard) (*Order, error) {
	cart, err := fe.carts.GetCart(ctx, userID)
	if err != nil {
		return nil, fmt.Errorf("cart failure: %w", err)
	}
	if len(cart) == 0 {
		return nil, errors.New("the cart is empty")
	}
	orderID, err := uuid.NewUUID()
	if err != nil {
		return nil, fmt.Errorf("failed to generate order uuid: %w", err)
	}
	items := make([]OrderItem, 0, len(cart))
	for _, it := range cart {
		product, err := fe.catalog.GetProduct(ctx, it.ProductID)
		if err != nil {
			return nil, fmt.Errorf("failed to get product #%q: %w", it.ProductID, err)
		}
		price, err := fe.convertCurrency(ctx, product.Price, currency)
		if err != nil {
			return nil, fmt.Errorf("failed to convert price of %q to %s: %w", it.ProductID, currency, err)
		}
		items = append(items, OrderItem{Item: *it, Cost: price})
	}
	shipping, err := fe.getShippingQuote(ctx, cart, currency)
	if err != nil {
		return nil, err
	}

	total := shipping
	for _, it := range items {
		line, err := Multiply(it.Cost, uint32(it.Item.Quantity))
		if err != nil {
			return nil, err
		}
		if total, err = Sum(total, line); err != nil {
			return nil, err
		}
	}

	txID, err := fe.payments.Charge(ctx, total, card)
	if err != nil {
		return nil, fmt.Errorf("failed to charge card: %w", err)
	}
	slog.Info("payment went through", "transaction_id", txID)

	tracking, err := fe.shipping.Ship(ctx, addr, cart)
	if err != nil {
		return nil, fmt.Errorf("shipping error: %w", err)
	}
	_ = fe.carts.EmptyCart(ctx, userID)

	order := &Order{ID: orderID.String(), TrackingID: tracking, ShippingCost: shipping, Items: items}
	if err := fe.mail.SendConfirmation(ctx, email, order); err != nil {
		slog.Warn("failed to send order confirmation", "to", email, "err", err)
	} else {
		slog.Info("order confirmation email sent", "to", email)
	}
	return order, nil
}

func (fe *Frontend) getShippingQuote(ctx context.Context, items []*CartItem, currency string) (Money, error) {
	quote, err := fe.shipping.Quote(ctx, nil, items)
	if err != nil {
		return Money{}, err
	}
	localized, err := fe.convertCurrency(ctx, quote, currency)
	return localized, errors.Wrap(err, "failed to convert currency for shipping cost")
}

func cartIDs(c []*CartItem) []string {
	out := make([]string, len(c))
	for i, v := range c {
		out[i] = v.ProductID
	}
	return out
}
