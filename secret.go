package fluxo

// Values that must not leak.

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
)

// A Secret is a password, a token, a key. It prints as "[secret]" under every
// verb and in every log, and refuses to be encoded: an answer that contains one
// fails. It can be decoded, so that a request or a configuration may carry one.
// It is no input or output of a stored region. The zero Secret is empty.
type Secret struct {
	text *string // a pointer, so that fmt shows an address even where it cannot call Format
}

// NewSecret returns text as a secret.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

const hidden = "[secret]"

// String returns "[secret]".
func (Secret) String() string { return hidden }

// Format prints "[secret]" whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, hidden) }

// LogValue is "[secret]".
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

var errSecret = errors.New("a fluxo.Secret is never encoded: take its field out of the value, or Reveal it where that is meant")

// MarshalJSON refuses.
func (Secret) MarshalJSON() ([]byte, error) { return nil, errSecret }

// MarshalText refuses.
func (Secret) MarshalText() ([]byte, error) { return nil, errSecret }

// MarshalBinary refuses.
func (Secret) MarshalBinary() ([]byte, error) { return nil, errSecret }

// UnmarshalText takes text as the secret.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

// UnmarshalJSON takes a JSON string as the secret.
func (s *Secret) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return errors.New("a secret is a JSON string") // without the cause, which may quote it
	}
	*s = NewSecret(text)
	return nil
}
