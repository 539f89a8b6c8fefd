// Package checkout takes orders: echo, sqlx, a validator.
package checkout

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"github.com/rs/zerolog"
)

type Order struct {
	ID         string       `db:"id" json:"id"`
	CustomerID string       `db:"customer_id" json:"customerId"`
	Status     string       `db:"status" json:"status"`
	TotalCents int64        `db:"total_cents" json:"totalCents"`
	Note       *string      `db:"note" json:"note,omitempty"`
	CreatedAt  time.Time    `db:"created_at" json:"createdAt"`
	ShippedAt  sql.NullTime `db:"shipped_at" json:"-"`
	Lines      []OrderLine  `db:"-" json:"lines"`
}

type OrderLine struct {
	OrderID  string `db:"order_id" json:"-"`
	SKU      string `db:"sku" json:"sku" validate:"required"`
	Quantity int    `db:"quantity" json:"quantity" validate:"gte=1,lte=999"`
	Cents    int64  `db:"cents" json:"cents"`
}

type PlaceOrder struct {
	CustomerID string      `json:"customerId" validate:"required,uuid4"`
	Note       string      `json:"note" validate:"max=500"`
	Lines      []OrderLine `json:"lines" validate:"required,min=1,dive"`
}

type Handler struct {
	db       *sqlx.DB
	validate *validator.Validate
	log      zerolog.Logger
	uploads  string
}

//fluxo:flow
func (h *Handler) GetOrder(c echo.Context) error {
	ctx := c.Request().Context()
	id := c.Param("id")
	if _, err := uuid.Parse(id); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, "id is not a uuid")
	}
	var order Order
	if err := h.db.GetContext(ctx, &order, `SELECT * FROM orders WHERE id = $1`, id); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return echo.ErrNotFound
		}
		return fmt.Errorf("get order: %w", err)
	}
	if err := h.db.SelectContext(ctx, &order.Lines, `SELECT * FROM order_lines WHERE order_id = $1`, id); err != nil {
		return fmt.Errorf("get lines: %w", err)
	}
	return c.JSON(http.StatusOK, order)
}

//fluxo:flow
func (h *Handler) PostOrder(c echo.Context) (err error) {
	req := new(PlaceOrder)
	if err = c.Bind(req); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	if err = h.validate.Struct(req); err != nil {
		var verrs validator.ValidationErrors
		if errors.As(err, &verrs) {
			out := make(map[string]string, len(verrs))
			for _, fe := range verrs {
				out[fe.Field()] = fe.Tag()
			}
			return c.JSON(http.StatusUnprocessableEntity, echo.Map{"errors": out})
		}
		return err
	}

	ctx := c.Request().Context()
	tx, err := h.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
			return
		}
		err = tx.Commit()
	}()

	order := Order{ID: uuid.NewString(), CustomerID: req.CustomerID, Status: "pending", CreatedAt: time.Now().UTC()}
	if req.Note != "" {
		order.Note = &req.Note
	}
	for i := range req.Lines {
		var price int64
		if err = tx.GetContext(ctx, &price, `SELECT price FROM products WHERE sku = $1 FOR UPDATE`, req.Lines[i].SKU); err != nil {
			return echo.NewHTTPError(http.StatusBadRequest, "unknown sku "+req.Lines[i].SKU).SetInternal(err)
		}
		req.Lines[i].OrderID = order.ID
		req.Lines[i].Cents = price * int64(req.Lines[i].Quantity)
		order.TotalCents += req.Lines[i].Cents
	}
	if _, err = tx.NamedExecContext(ctx, `INSERT INTO orders (id, customer_id, status, total_cents, note, created_at)
		VALUES (:id, :customer_id, :status, :total_cents, :note, :created_at)`, order); err != nil {
		return err
	}
	if _, err = tx.NamedExecContext(ctx, `INSERT INTO order_lines (order_id, sku, quantity, cents) VALUES (:order_id, :sku, :quantity, :cents)`, req.Lines); err != nil {
		return err
	}
	order.Lines = req.Lines
	h.log.Info().Str("order", order.ID).Int64("total", order.TotalCents).Msg("order placed")
	return c.JSON(http.StatusCreated, order)
}

//fluxo:flow
func (h *Handler) ListOrders(c echo.Context) error {
	var (
		where []string
		args  []interface{}
	)
	if s := c.QueryParam("status"); s != "" {
		args = append(args, s)
		where = append(where, fmt.Sprintf("status = $%d", len(args)))
	}
	if from := c.QueryParam("from"); from != "" {
		t, err := time.Parse(time.RFC3339, from)
		if err != nil {
			return echo.NewHTTPError(http.StatusBadRequest, "from: "+err.Error())
		}
		args = append(args, t)
		where = append(where, fmt.Sprintf("created_at >= $%d", len(args)))
	}
	q := "SELECT * FROM orders"
	if len(where) > 0 {
		q += " WHERE " + strings.Join(where, " AND ")
	}
	rows, err := h.db.QueryxContext(c.Request().Context(), q, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	byCustomer := map[string][]Order{}
	for rows.Next() {
		var o Order
		if err := rows.StructScan(&o); err != nil {
			return err
		}
		byCustomer[o.CustomerID] = append(byCustomer[o.CustomerID], o)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	type group struct {
		Customer string  `json:"customer"`
		Orders   []Order `json:"orders"`
	}
	groups := make([]group, 0, len(byCustomer))
	for k, v := range byCustomer {
		groups = append(groups, group{k, v})
	}
	sort.Slice(groups, func(i, j int) bool { return len(groups[i].Orders) > len(groups[j].Orders) })
	return c.JSON(http.StatusOK, groups)
}

//fluxo:flow
func (h *Handler) UploadInvoice(c echo.Context) error {
	file, err := c.FormFile("invoice")
	if err != nil {
		return err
	}
	if file.Size > 5<<20 {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
	}
	src, err := file.Open()
	if err != nil {
		return err
	}
	defer src.Close()

	name := filepath.Join(h.uploads, uuid.NewString()+filepath.Ext(file.Filename))
	dst, err := os.Create(name)
	if err != nil {
		return err
	}
	defer dst.Close()
	n, err := io.Copy(dst, src)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"path": name, "bytes": n})
}

// StreamOrders sends one JSON document per line.
//
//fluxo:flow
func (h *Handler) StreamOrders(c echo.Context) error {
	rows, err := h.db.Queryx(`SELECT * FROM orders ORDER BY created_at`)
	if err != nil {
		return err
	}
	defer rows.Close()
	c.Response().Header().Set(echo.HeaderContentType, "application/x-ndjson")
	c.Response().WriteHeader(http.StatusOK)
	enc := json.NewEncoder(c.Response())
	for rows.Next() {
		var o Order
		if err := rows.StructScan(&o); err != nil {
			return err
		}
		if err := enc.Encode(o); err != nil {
			return err
		}
		c.Response().Flush()
	}
	return rows.Err()
}
