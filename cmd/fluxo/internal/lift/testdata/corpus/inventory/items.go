package inventory

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"go.uber.org/zap"
)

type (
	Item struct {
		SKU       string            `json:"sku"`
		Name      string            `json:"name"`
		OnHand    int               `json:"on_hand"`
		Reserved  int               `json:"reserved"`
		Reorder   int               `json:"reorder_at"`
		UnitCents int64             `json:"unit_cents"`
		Labels    map[string]string `json:"labels,omitempty"`
		UpdatedAt time.Time         `json:"updated_at"`
	}

	Filter struct {
		Prefix  string `query:"prefix"`
		Label   string `query:"label"`
		LowOnly bool   `query:"low"`
		Cursor  string `query:"cursor"`
		Limit   int    `query:"limit"`
	}

	Movement struct {
		SKU    string `json:"sku" param:"sku"`
		Delta  int    `json:"delta"`
		Reason string `json:"reason"`
	}

	Repository interface {
		//fluxo:reads items:{sku}
		Find(ctx context.Context, sku string) (*Item, error)
		//fluxo:reads items
		List(ctx context.Context, f Filter) ([]Item, error)
		//fluxo:writes items:{m.SKU}
		Move(ctx context.Context, m Movement) (*Item, error)
		//fluxo:writes items:{item.SKU}
		Update(ctx context.Context, item *Item) error
	}

	Suppliers interface {
		//fluxo:volatile 1h
		LeadTime(ctx context.Context, sku string) (time.Duration, error)
	}
)

type Handler struct {
	repo      Repository
	suppliers Suppliers
	logger    *zap.Logger
}

func (h *Handler) Register(g *echo.Group) {
	g.GET("/items", h.list)
	g.GET("/items.csv", h.export)
	g.GET("/items/:sku", h.get)
	g.PATCH("/items/:sku", h.patch)
	g.POST("/items/:sku/movements", h.move)
}

//fluxo:flow
func (h *Handler) get(c echo.Context) error {
	ctx := c.Request().Context()
	item, err := h.repo.Find(ctx, c.Param("sku"))
	if err != nil {
		h.logger.Error("find item", zap.String("sku", c.Param("sku")), zap.Error(err))
		return echo.NewHTTPError(http.StatusInternalServerError, "lookup failed")
	}
	if item == nil {
		return echo.NewHTTPError(http.StatusNotFound, "no such item")
	}

	resp := echo.Map{"item": item, "available": item.OnHand - item.Reserved}
	if item.OnHand-item.Reserved <= item.Reorder {
		lead, err := h.suppliers.LeadTime(ctx, item.SKU)
		if err != nil {
			h.logger.Warn("no lead time", zap.String("sku", item.SKU), zap.Error(err))
		} else {
			resp["lead_days"] = int(lead.Hours() / 24)
		}
	}
	return c.JSON(http.StatusOK, resp)
}

//fluxo:flow
func (h *Handler) list(c echo.Context) error {
	var f Filter
	if err := c.Bind(&f); err != nil {
		return err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	wanted := f.Limit
	f.Limit++
	items, err := h.repo.List(c.Request().Context(), f)
	if err != nil {
		return err
	}
	next := ""
	if len(items) > wanted {
		next = items[wanted-1].SKU
		items = items[:wanted]
	}
	if f.LowOnly {
		low := items[:0]
		for _, it := range items {
			if it.OnHand-it.Reserved <= it.Reorder {
				low = append(low, it)
			}
		}
		items = low
	}
	var value int64
	for _, it := range items {
		value += int64(it.OnHand) * it.UnitCents
	}
	return c.JSON(http.StatusOK, echo.Map{"items": items, "next": next, "value_cents": value})
}

//fluxo:flow
func (h *Handler) patch(c echo.Context) error {
	item, err := h.repo.Find(c.Request().Context(), c.Param("sku"))
	if err != nil {
		return err
	}
	if item == nil {
		return c.NoContent(http.StatusNotFound)
	}
	var body struct {
		Name    *string           `json:"name"`
		Reorder *int              `json:"reorder_at"`
		Labels  map[string]string `json:"labels"`
	}
	if err := c.Bind(&body); err != nil {
		return echo.ErrBadRequest
	}
	if body.Name != nil {
		item.Name = strings.TrimSpace(*body.Name)
	}
	if body.Reorder != nil {
		item.Reorder = *body.Reorder
	}
	for k, v := range body.Labels {
		if v == "" {
			delete(item.Labels, k)
			continue
		}
		if item.Labels == nil {
			item.Labels = map[string]string{}
		}
		item.Labels[k] = v
	}
	item.UpdatedAt = time.Now()
	if err := h.repo.Update(c.Request().Context(), item); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, item)
}

//fluxo:flow
func (h *Handler) move(c echo.Context) error {
	var m Movement
	if err := c.Bind(&m); err != nil {
		return err
	}
	if m.Delta == 0 || m.Reason == "" {
		return echo.NewHTTPError(http.StatusUnprocessableEntity, "delta and reason are required")
	}
	item, err := h.repo.Move(c.Request().Context(), m)
	if err != nil {
		return err
	}
	h.logger.Info("stock moved", zap.String("sku", m.SKU), zap.Int("delta", m.Delta), zap.Int("left", item.OnHand))
	return c.JSON(http.StatusOK, item)
}

//fluxo:flow
func (h *Handler) export(c echo.Context) error {
	items, err := h.repo.List(c.Request().Context(), Filter{Limit: 10000})
	if err != nil {
		return err
	}
	var sb strings.Builder
	w := csv.NewWriter(&sb)
	if err := w.Write([]string{"sku", "name", "on hand", "reserved", "unit price"}); err != nil {
		return err
	}
	for _, it := range items {
		price := strconv.FormatInt(it.UnitCents/100, 10) + "." + pad2(it.UnitCents%100)
		if err := w.Write([]string{it.SKU, it.Name, strconv.Itoa(it.OnHand), strconv.Itoa(it.Reserved), price}); err != nil {
			return err
		}
	}
	w.Flush()
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="items.csv"`)
	return c.Blob(http.StatusOK, "text/csv", []byte(sb.String()))
}

func pad2(n int64) string {
	if n < 10 {
		return "0" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}
