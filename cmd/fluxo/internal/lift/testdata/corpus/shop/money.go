package shop

import (
	"errors"
	"fmt"
)

const nanosMod = 1000000000

var ErrMismatchingCurrency = errors.New("mismatching currency codes")

// Money is an amount in a currency. Units and Nanos always have the same sign.
type Money struct {
	Currency string
	Units    int64
	Nanos    int32
}

func (m Money) IsZero() bool { return m.Units == 0 && m.Nanos == 0 }

func (m Money) String() string {
	return fmt.Sprintf("%s %d.%02d", m.Currency, m.Units, m.Nanos/10000000)
}

// Sum adds two amounts of the same currency.
func Sum(l, r Money) (Money, error) {
	if l.Currency != r.Currency {
		return Money{}, ErrMismatchingCurrency
	}
	units := l.Units + r.Units
	nanos := l.Nanos + r.Nanos
	if (units == 0 && nanos == 0) || (units > 0 && nanos >= 0) || (units < 0 && nanos <= 0) {
		units += int64(nanos / nanosMod)
		nanos = nanos % nanosMod
	} else {
		if units > 0 {
			units--
			nanos += nanosMod
		} else {
			units++
			nanos -= nanosMod
		}
	}
	return Money{Currency: l.Currency, Units: units, Nanos: nanos}, nil
}

// Multiply is slow but the quantities in a cart are small.
func Multiply(m Money, n uint32) (Money, error) {
	out := m
	for n > 1 {
		var err error
		out, err = Sum(out, m)
		if err != nil {
			return Money{}, err
		}
		n--
	}
	return out, nil
}
