package recorded

import (
	"bytes"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Of each request nothing that is secret is kept, and all that is not.
func TestSecretsAreLeftOut(t *testing.T) {
	const secret = "hunter2"
	for _, c := range []struct {
		name, url, pattern, kind, body string
		header                         map[string]string
		marked                         []string
		wantURL, wantBody              string
		left                           string
	}{
		{name: "nothing secret", url: "/weather/10001?days=3&q=a%20b", wantURL: "/weather/10001?days=3&q=a%20b"},
		{name: "a card", url: "/pay?pan=hunter2&span=1", kind: "application/json", body: `{"company":"x","card":{"number":"hunter2"},"payee_iban":"hunter2"}`, wantURL: "/pay?pan=redacted&span=1", wantBody: `{"card":"redacted","company":"x","payee_iban":"redacted"}`, left: "card pan payee_iban"},
		{name: "headers", url: "/", header: map[string]string{"Authorization": secret, "Cookie": secret, "X-Api-Key": secret, "X-Other": secret}, wantURL: "/"},
		{name: "query by name", url: "/a?api_key=hunter2&x=1&Access%5FToken=hunter2", wantURL: "/a?api_key=redacted&x=1&Access%5FToken=redacted", left: "Access_Token api_key"},
		{name: "query by mark", url: "/a?seed=hunter2", marked: []string{"seed"}, wantURL: "/a?seed=redacted", left: "seed"},
		{name: "query that cannot be parsed", url: "/a?x=1&%zz=hunter2", wantURL: "/a?x=1", left: "query"},
		{name: "path by name", url: "/reset/hunter2/done", pattern: "GET /reset/{token}/done", wantURL: "/reset/redacted/done", left: "token"},
		{name: "rest of a path", url: "/reset/hunter2/hunter2", pattern: "/reset/{token...}", wantURL: "/reset/redacted", left: "token"},
		{name: "path by mark", url: "/share/hunter2", pattern: "GET /share/{id}", marked: []string{"id"}, wantURL: "/share/redacted", left: "id"},
		{name: "JSON", url: "/", kind: "application/json", body: `{"user":"ann","login":{"Password":"hunter2","n":1.50}}`, wantURL: "/", wantBody: `{"login":{"Password":"redacted","n":1.50},"user":"ann"}`, left: "Password"},
		{name: "JSON as it came", url: "/", kind: "application/vnd.x+json", body: `{ "b": 1, "a": [12345678901234567890] }`, wantURL: "/", wantBody: `{ "b": 1, "a": [12345678901234567890] }`},
		{name: "JSON in a list, marked", url: "/", kind: "application/json", body: `[{"pin code":"hunter2"},{"seed":["hunter2"]}]`, marked: []string{"seed", "pin code"}, wantURL: "/", wantBody: `[{"pin code":"redacted"},{"seed":"redacted"}]`, left: "pin code seed"},
		{name: "no JSON", url: "/", kind: "application/json", body: `{"a":1} hunter2`, wantURL: "/", left: "body"},
		{name: "form", url: "/", kind: "application/x-www-form-urlencoded", body: "user=ann&password=hunter2", wantURL: "/", wantBody: "user=ann&password=redacted", left: "password"},
		{name: "anything else", url: "/", kind: "multipart/form-data; boundary=x", body: "hunter2", wantURL: "/", left: "body"},
		{name: "large", url: "/", kind: "application/json", body: `"` + strings.Repeat("x", MaxBody) + `"`, wantURL: "/", left: "body"},
	} {
		r := httptest.NewRequest("POST", "http://service"+c.url, strings.NewReader(c.body))
		r.Header.Set("Accept-Language", "de")
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		if c.kind != "" {
			r.Header.Set("Content-Type", c.kind)
		}
		q := New(r, c.pattern, []byte(c.body)[:min(len(c.body), MaxBody)], int64(len(c.body)), c.marked)
		if q.URL != c.wantURL || string(q.Body) != c.wantBody || strings.Join(q.Left, " ") != c.left || q.Size != int64(len(c.body)) || q.Header.Get("Accept-Language") != "de" {
			t.Errorf("%s: %s %q of %d bytes, left %q, %v", c.name, q.URL, q.Body, q.Size, q.Left, q.Header)
		}
		var file bytes.Buffer
		w, err := NewWriter(&file, "example.com/shop", time.Now())
		if err == nil {
			err = w.Add(q)
		}
		if err != nil || strings.Contains(file.String(), secret) {
			t.Errorf("%s: %s, %v", c.name, file.String(), err)
		}
	}
}

// Names tell what is secret, in all the ways in which they are written, and what has the same letters is none.
func TestNamesOfSecrets(t *testing.T) {
	secret := "password userPassword X-Api-Key access_token sig pass " +
		"card cards[0].card card_number cardNumber CARDNO card2 payment[card][exp] creditCard debit_card cardholder-name cc_number " +
		"cvv cvc CVV2 cardCvc csc pan card.pan customerPAN PANNumber iban payee_iban IBAN pin pin1 user_pin pinCode " +
		"ssn SSNLast4 social-security-number nationalId tax_id taxID passport passportNo drivers_license driver's.license accountNumber"
	for _, name := range strings.Fields(secret) {
		if !IsSecret(name) {
			t.Errorf("%s counts as no secret", name)
		}
	}
	harmless := "discard discarded cardinal wildcard scorecards postcard pinned pinning spin opinion shopping span company companyName expand panel " +
		"japan urbaniban caribbean cvvv lesson session_count classname international_id InternationalID syntaxId account number tax id " +
		"national driver key_frame passenger q days"
	for _, name := range strings.Fields(harmless) {
		if IsSecret(name) {
			t.Errorf("%s counts as a secret", name)
		}
	}
}

func TestFiles(t *testing.T) {
	began := time.Date(2024, 5, 12, 8, 0, 0, 0, time.UTC)
	var b bytes.Buffer
	w, err := NewWriter(&b, "example.com/shop", began)
	if err != nil {
		t.Fatal(err)
	}
	slow := &Request{At: time.Second, Method: "GET", URL: "/slow?a=<b>", Status: 200}
	quick := &Request{At: 2 * time.Second, Method: "POST", URL: "/quick", Body: []byte{0, 1}, Size: 2, Status: 404}
	for _, q := range []*Request{quick, slow} { // in the order of their answers
		if err := w.Add(q); err != nil {
			t.Fatal(err)
		}
	}
	whole := b.String()
	h, all, err := Read(strings.NewReader(whole))
	if err != nil || h.Service != "example.com/shop" || !h.Began.Equal(began) || !reflect.DeepEqual(all, []*Request{slow, quick}) {
		t.Errorf("%+v, %+v, %v", h, all, err)
	}
	if _, all, err = Read(strings.NewReader(whole[:len(whole)-5])); err == nil || !strings.Contains(err.Error(), "line 3") || len(all) != 1 {
		t.Errorf("cut off: %d requests, %v", len(all), err)
	}
	for name, bad := range map[string]string{"empty": "", "another file": "hello\n", "another version": `{"format":"fluxo requests 9"}` + "\n"} {
		if _, _, err := Read(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "no record of requests") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"format":"fluxo requests 1"}` + "\n" + `{"at":1,"method":"GET","url":"/"}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, all, _ := Read(bytes.NewReader(data))
		for i := 1; i < len(all); i++ {
			if all[i].At < all[i-1].At {
				t.Fatal("not in the order in which they came")
			}
		}
	})
}
