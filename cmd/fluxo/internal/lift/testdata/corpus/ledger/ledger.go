package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Amounts are in the smallest unit of the account's currency.

type Account struct {
	ID       int64  `json:"id"`
	Owner    string `json:"owner"`
	Currency string `json:"currency"`
	Balance  int64  `json:"balance"`
}

type Entry struct {
	ID      int64     `json:"id"`
	Account int64     `json:"account"`
	Amount  int64     `json:"amount"`
	Text    string    `json:"text"`
	Booked  time.Time `json:"booked"`
}

type Rates interface {
	//fluxo:volatile 1m
	Rate(ctx context.Context, from, to string) (float64, error)
}

type Ledger struct {
	db    *sql.DB
	rates Rates
}

var (
	errNoAccount = errors.New("no such account")
	errFunds     = errors.New("insufficient funds")
)

//fluxo:reads accounts:{id}
func (l *Ledger) account(ctx context.Context, id int64) (a Account, err error) {
	err = l.db.QueryRowContext(ctx, "SELECT id, owner, currency, balance FROM accounts WHERE id = $1", id).
		Scan(&a.ID, &a.Owner, &a.Currency, &a.Balance)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoAccount
	}
	return
}

// Statement lists the entries of a month with the balance after each of them.
//
//fluxo:flow
func (l *Ledger) Statement(ctx context.Context, id int64, month time.Time) (lines []string, err error) {
	acc, err := l.account(ctx, id)
	if err != nil {
		return nil, err
	}

	var before sql.NullInt64
	err = l.db.QueryRowContext(ctx, "SELECT SUM(amount) FROM entries WHERE account = $1 AND booked < $2", id, month).Scan(&before)
	if err != nil {
		return nil, fmt.Errorf("balance before %s: %w", month.Format("2006-01"), err)
	}

	rows, err := l.db.QueryContext(ctx,
		"SELECT id, amount, text, booked FROM entries WHERE account = $1 AND booked >= $2 AND booked < $3 ORDER BY booked, id",
		id, month, month.AddDate(0, 1, 0))
	if err != nil {
		return nil, err
	}
	defer func() {
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
	}()

	balance := before.Int64
	for rows.Next() {
		var e Entry
		if err = rows.Scan(&e.ID, &e.Amount, &e.Text, &e.Booked); err != nil {
			return nil, err
		}
		balance += e.Amount
		lines = append(lines, fmt.Sprintf("%s %-40.40s %12d %12d %s",
			e.Booked.Format("02.01."), e.Text, e.Amount, balance, acc.Currency))
	}
	return lines, rows.Err()
}

// Transfer moves money between two accounts, converting it where they differ.
//
//fluxo:flow
func (l *Ledger) Transfer(ctx context.Context, from, to, amount int64, text string) (int64, error) {
	if amount <= 0 || from == to {
		return 0, errors.New("transfer: nothing to do")
	}
	src, err := l.account(ctx, from)
	if err != nil {
		return 0, fmt.Errorf("transfer from %d: %w", from, err)
	}
	dst, err := l.account(ctx, to)
	if err != nil {
		return 0, fmt.Errorf("transfer to %d: %w", to, err)
	}
	credited := amount
	if src.Currency != dst.Currency {
		rate, err := l.rates.Rate(ctx, src.Currency, dst.Currency)
		if err != nil {
			return 0, err
		}
		credited = int64(float64(amount) * rate)
	}

	tx, err := l.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // does nothing after Commit

	res, err := tx.ExecContext(ctx, "UPDATE accounts SET balance = balance - $1 WHERE id = $2 AND balance >= $1", amount, from)
	if err != nil {
		return 0, err
	}
	if n, err := res.RowsAffected(); err != nil {
		return 0, err
	} else if n == 0 {
		return 0, errFunds
	}
	if _, err := tx.ExecContext(ctx, "UPDATE accounts SET balance = balance + $1 WHERE id = $2", credited, to); err != nil {
		return 0, err
	}
	var id int64
	for _, e := range []Entry{{Account: from, Amount: -amount, Text: text}, {Account: to, Amount: credited, Text: text}} {
		if err := tx.QueryRowContext(ctx, "INSERT INTO entries (account, amount, text, booked) VALUES ($1, $2, $3, now()) RETURNING id",
			e.Account, e.Amount, e.Text).Scan(&id); err != nil {
			return 0, err
		}
	}
	if err := tx.Commit(); err != nil {
		return 0, fmt.Errorf("transfer: %w", err)
	}
	return id, nil
}

// ServeTransfer is the JSON face of Transfer.
//
//fluxo:flow
func (l *Ledger) ServeTransfer(rw http.ResponseWriter, req *http.Request) {
	var in struct {
		From, To, Amount int64
		Text             string
	}
	dec := json.NewDecoder(http.MaxBytesReader(rw, req.Body, 1<<16))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	id, err := l.Transfer(req.Context(), in.From, in.To, in.Amount, in.Text)
	if err != nil {
		code := http.StatusInternalServerError
		if errors.Is(err, errNoAccount) {
			code = http.StatusNotFound
		} else if errors.Is(err, errFunds) {
			code = http.StatusPaymentRequired
		}
		http.Error(rw, err.Error(), code)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(rw, `{"entry":%d}`, id)
}

// Worth adds up all accounts of an owner in one currency.
//
//fluxo:flow
func (l *Ledger) Worth(ctx context.Context, owner, currency string) (int64, error) {
	rows, err := l.db.QueryContext(ctx, "SELECT currency, SUM(balance) FROM accounts WHERE owner = $1 GROUP BY currency", owner)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	sums := map[string]int64{}
	for rows.Next() {
		var c string
		var n int64
		if err := rows.Scan(&c, &n); err != nil {
			return 0, err
		}
		sums[c] = n
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	total := sums[currency]
	for c, n := range sums {
		if c == currency {
			continue
		}
		rate, err := l.rates.Rate(ctx, c, currency)
		if err != nil {
			return 0, fmt.Errorf("no rate from %s: %w", c, err)
		}
		total += int64(float64(n) * rate)
	}
	return total, nil
}
