package host

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/request"
)

func TestAnswersAreAskedForAgain(t *testing.T) {
	text := "first"
	varies := get("/vary", func(*Request) (any, error) { return text, nil })
	varies.Cache, varies.Vary = Private, []string{"Accept-Language"}
	s := start(t, DefaultLimits(), varies, get("/x", func(*Request) (any, error) { return text, nil }),
		post("/x", func(*Request) (any, error) { return text, nil }),
		Route{Flow: "test.Plain", Method: "GET", Pattern: "/plain", Call: func(*Request) (any, error) { return text, nil }})
	if resp, _ := s.do("GET", "/vary", ""); resp.Header.Get("Vary") != "Accept-Language" || resp.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("%v", resp.Header)
	}
	resp, _ := s.do("GET", "/x", "")
	tag := resp.Header.Get("Etag")
	if resp.Header.Get("Cache-Control") != "no-cache" || len(tag) != 24 {
		t.Errorf("%v", resp.Header)
	}
	for list, status := range map[string]int{
		tag: 304, "W/" + tag: 304, `"other", ` + tag: 304, "*": 304, `"other"`: 200, "nonsense": 200, "": 200,
	} {
		resp, body := s.do("GET", "/x", "", "If-None-Match", list)
		if resp.StatusCode != status || (body == "") != (status == 304) || resp.Header.Get("Etag") != tag {
			t.Errorf("If-None-Match %s: %d %q", list, resp.StatusCode, body)
		}
	}
	text = "second"
	if resp, body := s.do("GET", "/x", "", "If-None-Match", tag); resp.StatusCode != 200 || body != `"second"`+"\n" {
		t.Errorf("after a change: %d %s", resp.StatusCode, body)
	}
	for _, ask := range [][2]string{{"POST", "/x"}, {"GET", "/plain"}} {
		resp, _ := s.do(ask[0], ask[1], "", "If-None-Match", "*")
		if resp.StatusCode != 200 || resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("Etag") != "" {
			t.Errorf("%v: %d %v", ask, resp.StatusCode, resp.Header)
		}
	}
}

func TestUser(t *testing.T) {
	whoami := Route{Flow: "test.Me", Method: "GET", Pattern: "/me", Read: true, Cache: Public, User: true, Call: func(r *Request) (any, error) {
		signed, ok := fluxo.SignedIn(r.Context())
		return []any{r.User().ID, signed == r.User() && ok}, nil
	}}
	nobody := start(t, DefaultLimits(), whoami)
	resp, body := nobody.do("GET", "/me", "")
	refused(t, resp, body, 401, "Unauthenticated", "not signed in")

	s := start(t, DefaultLimits(), whoami)
	s.service.users = request.Authenticator(func(ctx context.Context, header map[string][]string) (string, error) {
		switch http.Header(header).Get("Authorization") {
		case "Bearer ann":
			return "ann", nil
		case "Bearer broken":
			return "", errors.New("session store at db.internal is down")
		}
		return "", fluxo.Unauthenticated
	})
	resp, body = s.do("GET", "/me", "", "Authorization", "Bearer ann")
	if resp.StatusCode != 200 || body != `["ann",true]`+"\n" || resp.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("%d %s %v", resp.StatusCode, body, resp.Header)
	}
	resp, body = s.do("GET", "/me?user=root", "", "X-User", "root")
	refused(t, resp, body, 401, "Unauthenticated", "")
	resp, body = s.do("GET", "/me", "", "Authorization", "Bearer broken")
	refused(t, resp, body, 500, "Internal", "internal error")
}
