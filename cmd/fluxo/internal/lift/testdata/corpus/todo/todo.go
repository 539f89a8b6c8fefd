// Package todo keeps tasks, and tells the weather: net/http and database/sql alone.
package todo

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

var requests = promauto.NewCounterVec(prometheus.CounterOpts{Name: "todo_requests_total"}, []string{"op", "result"})
var latency = promauto.NewHistogram(prometheus.HistogramOpts{Name: "todo_latency_seconds"})

var ErrNotFound = errors.New("not found")

type ValidationError struct {
	Field, Reason string
}

func (v ValidationError) Error() string { return v.Field + " " + v.Reason }

type Todo struct {
	ID        int64     `json:"id"`
	Title     string    `json:"title"`
	Done      bool      `json:"done"`
	CreatedAt time.Time `json:"created_at"`
}

// Repo keeps todos in SQL.
type Repo struct{ db *sql.DB }

//fluxo:flow
func (r *Repo) Get(ctx context.Context, id int64) (*Todo, error) {
	const q = `SELECT id, title, done, created_at FROM todos WHERE id = ?`
	t := &Todo{}
	err := r.db.QueryRowContext(ctx, q, id).Scan(&t.ID, &t.Title, &t.Done, &t.CreatedAt)
	if err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("todo %d: %w", id, ErrNotFound)
		}
		return nil, fmt.Errorf("todo %d: %w", id, err)
	}
	return t, nil
}

//fluxo:flow
func (r *Repo) List(ctx context.Context, done *bool) (_ []*Todo, err error) {
	start := time.Now()
	defer func() {
		latency.Observe(time.Since(start).Seconds())
		if err != nil {
			requests.WithLabelValues("list", "error").Inc()
		}
	}()
	q := `SELECT id, title, done, created_at FROM todos`
	var args []any
	if done != nil {
		q += ` WHERE done = ?`
		args = append(args, *done)
	}
	rows, err := r.db.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var todos []*Todo
	for rows.Next() {
		var t Todo
		if err := rows.Scan(&t.ID, &t.Title, &t.Done, &t.CreatedAt); err != nil {
			return nil, err
		}
		todos = append(todos, &t)
	}
	return todos, rows.Err()
}

//fluxo:flow
func (r *Repo) Complete(ctx context.Context, ids ...int64) (n int64, err error) {
	tx, err := r.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			if rbErr := tx.Rollback(); rbErr != nil {
				err = errors.Join(err, rbErr)
			}
		}
	}()
	stmt, err := tx.PrepareContext(ctx, `UPDATE todos SET done = 1 WHERE id = ?`)
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	for _, id := range ids {
		res, err := stmt.ExecContext(ctx, id)
		if err != nil {
			return 0, fmt.Errorf("complete %d: %w", id, err)
		}
		c, _ := res.RowsAffected()
		n += c
	}
	return n, tx.Commit()
}

type API struct {
	repo  *Repo
	log   *slog.Logger
	hooks []func(*Todo)

	mu     sync.RWMutex
	cache  map[int64]cached
	served atomic.Int64
}

type cached struct {
	todo    *Todo
	expires time.Time
}

type handlerFunc func(w http.ResponseWriter, r *http.Request) error

func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	var ve ValidationError
	switch {
	case errors.As(err, &ve):
		http.Error(w, ve.Error(), http.StatusUnprocessableEntity)
	case errors.Is(err, ErrNotFound):
		http.Error(w, "not found", http.StatusNotFound)
	case errors.Is(err, context.Canceled):
		w.WriteHeader(499)
	default:
		a.log.ErrorContext(r.Context(), "request failed", slog.String("path", r.URL.Path), slog.Any("error", err))
		http.Error(w, "internal", http.StatusInternalServerError)
	}
}

//fluxo:flow
func (a *API) HandleGet(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		a.fail(w, r, ValidationError{"id", "must be a number"})
		return
	}
	a.served.Add(1)
	a.mu.RLock()
	hit, ok := a.cache[id]
	a.mu.RUnlock()
	if ok && time.Now().Before(hit.expires) {
		json.NewEncoder(w).Encode(hit.todo)
		return
	}
	t, err := a.repo.Get(r.Context(), id)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.mu.Lock()
	a.cache[id] = cached{t, time.Now().Add(time.Minute)}
	a.mu.Unlock()
	json.NewEncoder(w).Encode(t)
}

//fluxo:flow
func (a *API) HandleCreate(w http.ResponseWriter, r *http.Request) error {
	defer r.Body.Close()
	var in struct {
		Title string `json:"title"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return ValidationError{"body", err.Error()}
	}
	if in.Title == "" {
		return ValidationError{Field: "title", Reason: "is required"}
	}
	res, err := a.repo.db.ExecContext(r.Context(), `INSERT INTO todos(title, created_at) VALUES (?, ?)`, in.Title, time.Now())
	if err != nil {
		return fmt.Errorf("insert todo: %w", err)
	}
	id, err := res.LastInsertId()
	if err != nil {
		return err
	}
	t := &Todo{ID: id, Title: in.Title}
	for _, h := range a.hooks {
		h(t)
	}
	w.WriteHeader(http.StatusCreated)
	return json.NewEncoder(w).Encode(t)
}

//fluxo:flow
func (a *API) HandleEvents(w http.ResponseWriter, r *http.Request) {
	flusher, ok := w.(http.Flusher)
	if !ok {
		http.Error(w, "streaming unsupported", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case now := <-ticker.C:
			fmt.Fprintf(w, "data: {\"served\":%d,\"at\":%q}\n\n", a.served.Load(), now.Format(time.RFC3339))
			flusher.Flush()
		}
	}
}
