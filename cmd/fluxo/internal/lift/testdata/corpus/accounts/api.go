// Package accounts moves money between accounts: chi, pgx.
package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

type ctxKey string

const userKey ctxKey = "user"

type Principal struct {
	ID    int64
	Roles []string
}

func PrincipalFrom(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(userKey).(Principal)
	return p, ok
}

type Account struct {
	ID       int64     `json:"id"`
	OwnerID  int64     `json:"owner_id"`
	Balance  int64     `json:"balance"`
	Currency string    `json:"currency"`
	OpenedAt time.Time `json:"opened_at"`
}

type Movement struct {
	ID      int64     `json:"id"`
	Account int64     `json:"account"`
	Amount  int64     `json:"amount"`
	At      time.Time `json:"at"`
}

type Server struct {
	pool   *pgxpool.Pool
	logger *slog.Logger
	rates  RateProvider
	flags  map[string]bool
}

type RateProvider interface {
	//fluxo:volatile 1m
	Rate(ctx context.Context, from, to string) (float64, error)
}

type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		slog.Error("encode", "err", err)
	}
}

func writeProblem(w http.ResponseWriter, status int, format string, args ...any) {
	writeJSON(w, status, problem{Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)})
}

//fluxo:flow
func (s *Server) getAccount(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(chi.URLParam(r, "accountID"), 10, 64)
	if err != nil {
		writeProblem(w, http.StatusBadRequest, "account id %q", chi.URLParam(r, "accountID"))
		return
	}
	p, ok := PrincipalFrom(r.Context())
	if !ok {
		writeProblem(w, http.StatusUnauthorized, "no principal")
		return
	}
	var a Account
	err = s.pool.QueryRow(r.Context(), `select id, owner_id, balance, currency, opened_at from accounts where id=$1`, id).
		Scan(&a.ID, &a.OwnerID, &a.Balance, &a.Currency, &a.OpenedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		writeProblem(w, http.StatusNotFound, "account %d", id)
		return
	}
	if err != nil {
		s.logger.ErrorContext(r.Context(), "load account", "id", id, "err", err)
		writeProblem(w, http.StatusInternalServerError, "")
		return
	}
	if a.OwnerID != p.ID {
		writeProblem(w, http.StatusForbidden, "")
		return
	}
	writeJSON(w, http.StatusOK, a)
}

//fluxo:flow
func (s *Server) overview(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()

	p, _ := PrincipalFrom(ctx)
	var (
		accounts  []Account
		movements []Movement
		rate      float64
	)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		rows, err := s.pool.Query(gctx, `select id, owner_id, balance, currency, opened_at from accounts where owner_id=$1`, p.ID)
		if err != nil {
			return err
		}
		accounts, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Account])
		return err
	})
	g.Go(func() error {
		rows, err := s.pool.Query(gctx, `select id, account, amount, at from movements where owner_id=$1 order by at desc limit 20`, p.ID)
		if err != nil {
			return err
		}
		movements, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Movement])
		return err
	})
	g.Go(func() error {
		var err error
		rate, err = s.rates.Rate(gctx, "EUR", "USD")
		return err
	})
	if err := g.Wait(); err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			writeProblem(w, http.StatusGatewayTimeout, "too slow")
			return
		}
		writeProblem(w, http.StatusBadGateway, "%v", err)
		return
	}
	var total int64
	for _, a := range accounts {
		total += a.Balance
	}
	writeJSON(w, http.StatusOK, struct {
		Accounts  []Account  `json:"accounts"`
		Movements []Movement `json:"movements"`
		TotalUSD  float64    `json:"total_usd"`
	}{accounts, movements, float64(total) * rate / 100})
}

var errInsufficient = errors.New("insufficient funds")

func (s *Server) inTx(ctx context.Context, fn func(pgx.Tx) error) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

type transferRequest struct {
	From   int64 `json:"from"`
	To     int64 `json:"to"`
	Amount int64 `json:"amount"`
}

func (t transferRequest) validate() error {
	switch {
	case t.From == t.To:
		return errors.New("from and to are the same")
	case t.Amount <= 0:
		return fmt.Errorf("amount %d is not positive", t.Amount)
	}
	return nil
}

//fluxo:flow
func (s *Server) transfer(w http.ResponseWriter, r *http.Request) {
	var req transferRequest
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&req); err != nil {
		writeProblem(w, http.StatusBadRequest, "body: %v", err)
		return
	}
	if err := req.validate(); err != nil {
		writeProblem(w, http.StatusUnprocessableEntity, "%v", err)
		return
	}

	var err error
	for attempt := 0; attempt < 3; attempt++ {
		err = s.inTx(r.Context(), func(tx pgx.Tx) error {
			var balance int64
			if err := tx.QueryRow(r.Context(), `select balance from accounts where id=$1 for update`, req.From).Scan(&balance); err != nil {
				return err
			}
			if balance < req.Amount {
				return errInsufficient
			}
			if _, err := tx.Exec(r.Context(), `update accounts set balance=balance-$2 where id=$1`, req.From, req.Amount); err != nil {
				return err
			}
			_, err := tx.Exec(r.Context(), `update accounts set balance=balance+$2 where id=$1`, req.To, req.Amount)
			return err
		})
		var pgErr *pgconn.PgError
		if errors.As(err, &pgErr) && pgErr.Code == "40001" {
			backoff := time.Duration(1<<attempt)*10*time.Millisecond + time.Duration(rand.Intn(10))*time.Millisecond
			select {
			case <-r.Context().Done():
				return
			case <-time.After(backoff):
			}
			continue
		}
		break
	}
	switch {
	case err == nil:
		w.WriteHeader(http.StatusNoContent)
	case errors.Is(err, errInsufficient):
		writeProblem(w, http.StatusConflict, "insufficient funds")
	case errors.Is(err, pgx.ErrNoRows):
		writeProblem(w, http.StatusNotFound, "account not found")
	default:
		s.logger.Error("transfer", slog.Any("err", err))
		writeProblem(w, http.StatusInternalServerError, "")
	}
}

//fluxo:flow
func (s *Server) movements(w http.ResponseWriter, r *http.Request) {
	if !s.flags["movements_v2"] {
		http.Redirect(w, r, "/v1/movements", http.StatusTemporaryRedirect)
		return
	}
	q := r.URL.Query()
	limit := 50
	if l, err := strconv.Atoi(q.Get("limit")); err == nil && l > 0 && l <= 200 {
		limit = l
	}
	var cursor int64
	if c := q.Get("cursor"); c != "" {
		var err error
		if cursor, err = strconv.ParseInt(c, 36, 64); err != nil {
			writeProblem(w, http.StatusBadRequest, "bad cursor")
			return
		}
	}
	rows, err := s.pool.Query(r.Context(), `select id, account, amount, at from movements where id > $1 order by id limit $2`, cursor, limit+1)
	if err != nil {
		writeProblem(w, 500, "%v", err)
		return
	}
	defer rows.Close()
	out := make([]Movement, 0, limit)
	for rows.Next() {
		var m Movement
		if err := rows.Scan(&m.ID, &m.Account, &m.Amount, &m.At); err != nil {
			writeProblem(w, 500, "%v", err)
			return
		}
		out = append(out, m)
	}
	next := ""
	if len(out) > limit {
		next = strconv.FormatInt(out[limit-1].ID, 36)
		out = out[:limit]
	}
	writeJSON(w, http.StatusOK, map[string]any{"data": out, "next": next})
}

// createAccount is written as a constructor of a handler, as many chi services do.
//
//fluxo:flow
func (s *Server) createAccount() http.HandlerFunc {
	type request struct {
		Currency string `json:"currency"`
	}
	return func(w http.ResponseWriter, r *http.Request) {
		var req request
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		p, ok := PrincipalFrom(r.Context())
		if !ok {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		var id int64
		if err := s.pool.QueryRow(r.Context(), `insert into accounts(owner_id, currency) values ($1,$2) returning id`, p.ID, req.Currency).Scan(&id); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Location", fmt.Sprintf("/accounts/%d", id))
		w.WriteHeader(http.StatusCreated)
	}
}
