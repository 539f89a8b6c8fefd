package fluxo

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"

	"fluxo.dev/fluxo/internal/request"
)

const password = "correct horse"

// hiding holds secrets where fmt cannot call their methods, too.
type hiding struct {
	Open   Secret
	closed Secret
	nested []map[string]*Secret
	any    any
}

func secrets() hiding {
	s := NewSecret(password)
	return hiding{s, s, []map[string]*Secret{{"k": &s}}, s}
}

func TestSecretsDoNotPrint(t *testing.T) {
	var out bytes.Buffer
	v := secrets()
	for _, value := range []any{v, &v, v.Open, &v.Open, []Secret{v.Open}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%t", "%08.3f"} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
		log.New(&out, "", 0).Println(value)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "value", value)
		slog.New(slog.NewTextHandler(&out, nil)).Info("m", "value", value)
	}
	fmt.Fprint(&out, v.Open.String(), fmt.Errorf("%v %w", v.Open, NotFound))
	for _, leak := range []string{password, "636f7272656374", fmt.Sprint([]byte(password))} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("the secret is in the output as %q:\n%s", leak, out.String())
		}
	}
}

func TestSecretsAreNotEncoded(t *testing.T) {
	v := secrets()
	for _, value := range []any{v.Open, &v.Open, v, map[string]any{"s": v.Open}} {
		if encoded, err := json.Marshal(value); err == nil {
			t.Errorf("JSON encodes %T: %s", value, encoded)
		}
	}
	if err := gob.NewEncoder(new(bytes.Buffer)).Encode(v.Open); err == nil {
		t.Error("gob encodes a secret")
	}
	if encoded, err := xml.Marshal(v.Open); err == nil {
		t.Errorf("XML encodes a secret: %s", encoded)
	}
}

func TestSecretsAreDecoded(t *testing.T) {
	var login struct{ Password Secret }
	if err := json.Unmarshal([]byte(`{"password":"correct horse"}`), &login); err != nil || login.Password.Reveal() != password {
		t.Errorf("got %q, %v", login.Password.Reveal(), err)
	}
	err := json.Unmarshal([]byte(`{"password":["correct horse"]}`), &login)
	if err == nil || strings.Contains(err.Error(), password) {
		t.Errorf("error %v", err)
	}
	if (Secret{}).Reveal() != "" {
		t.Error("the zero secret is not empty")
	}
}

// A request must not be able to say who it is from.
func TestUserIsNotDecoded(t *testing.T) {
	var in struct{ By User }
	for _, body := range []string{`{"by":{"ID":"root"}}`, `{"by":"root"}`, `{"By":{"id":"root"}}`} {
		if err := json.Unmarshal([]byte(body), &in); err == nil || in.By.ID != "" {
			t.Errorf("%s makes the caller %q, error %v", body, in.By.ID, err)
		}
	}
	if err := new(User).UnmarshalText([]byte("root")); err == nil {
		t.Error("a text makes a User")
	}
}

func TestSignedIn(t *testing.T) {
	if u, ok := SignedIn(context.Background()); ok {
		t.Errorf("signed in outside a request: %v", u)
	}
	ctx := request.With(context.Background(), &request.Request{Caller: "ann"})
	if u, ok := SignedIn(ctx); !ok || u.ID != "ann" {
		t.Errorf("SignedIn = %v, %v", u, ok)
	}
	ctx = request.With(context.Background(), &request.Request{})
	if _, ok := SignedIn(ctx); ok {
		t.Error("signed in without a caller")
	}
}
