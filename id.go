package fluxo

// Unique IDs that sort by the time they were made.

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"

	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/request"
)

// An ID names something for ever: 48 bits of Unix milliseconds, 12 bits of the
// fraction of that millisecond, 62 random bits, in the layout of a UUID of
// version 7 (RFC 9562). IDs compare with ==; their bytes and their text sort by
// time. The zero ID names nothing.
type ID [16]byte

// NewID returns an ID that was never returned before.
func NewID(ctx context.Context) ID {
	if r := request.From(ctx); r != nil && r.NewID != nil {
		return r.NewID()
	}
	return idAt(clock.Now())
}

func idAt(t time.Time) ID {
	var id ID
	rand.Read(id[8:])
	ms := t.UnixMilli()
	fraction := t.Sub(time.UnixMilli(ms)) * 4096 / time.Millisecond // 0..4095
	binary.BigEndian.PutUint64(id[:], uint64(ms)<<16|0x7000|uint64(fraction))
	id[8] = id[8]&0x3f | 0x80
	return id
}

// ParseID reads the text form of an ID: 8-4-4-4-12 hexadecimal digits in
// either case. Any other text is an Invalid error.
func ParseID(text string) (ID, error) {
	var id ID
	err := id.UnmarshalText([]byte(text))
	return id, err
}

// Time returns when the ID was made, to the millisecond.
func (id ID) Time() time.Time {
	return time.UnixMilli(int64(binary.BigEndian.Uint64(id[:]) >> 16))
}

// IsZero reports whether the ID names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// Compare returns -1, 0 or +1: earlier IDs are less.
func (id ID) Compare(other ID) int { return bytes.Compare(id[:], other[:]) }

// String returns the text form, 36 characters.
func (id ID) String() string {
	b, _ := id.AppendText(make([]byte, 0, idTextLen))
	return string(b)
}

// idTextLen is the length of 01890a5d-ac96-774b-bcce-b302099a8057.
const idTextLen = 36

// AppendText appends the text form.
func (id ID) AppendText(b []byte) ([]byte, error) {
	for i, part := range [][]byte{id[0:4], id[4:6], id[6:8], id[8:10], id[10:16]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, part)
	}
	return b, nil
}

// MarshalText returns the text form.
func (id ID) MarshalText() ([]byte, error) { return id.AppendText(make([]byte, 0, idTextLen)) }

// UnmarshalText reads the text form; see [ParseID].
func (id *ID) UnmarshalText(text []byte) error {
	var parsed ID
	at := 0
	for i := 0; i < len(parsed); i++ {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			if at >= len(text) || text[at] != '-' {
				return notAnID(text)
			}
			at++
		}
		if at+2 > len(text) {
			return notAnID(text)
		}
		if _, err := hex.Decode(parsed[i:i+1], text[at:at+2]); err != nil {
			return notAnID(text)
		}
		at += 2
	}
	if at != len(text) {
		return notAnID(text)
	}
	*id = parsed
	return nil
}

func notAnID(text []byte) error {
	const shown = 40 // bytes of a wrong text that are worth repeating
	dots := ""
	if len(text) > shown {
		text, dots = text[:shown], "…"
	}
	return Invalid.Errorf("%s is not an ID: want 8-4-4-4-12 hexadecimal digits", fmt.Sprintf("%q", text)+dots)
}
