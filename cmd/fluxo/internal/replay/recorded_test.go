package replay

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestReadRecorded(t *testing.T) {
	const file = `{"format":"fluxo requests 1","service":"example.com/shop","began":"2024-05-12T08:00:00Z"}
{"at":2000000000,"method":"POST","url":"/login","body":"e30=","size":2,"status":200,"left":["password"]}
{"at":1000000000,"method":"GET","url":"/a","header":{"Accept":["text/html"]},"status":404}
`
	var got []*Request
	for q, err := range Read("day.requests", strings.NewReader(file)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, q)
	}
	want := []*Request{
		{At: time.Second, Method: "GET", URL: "/a", Header: map[string][]string{"Accept": {"text/html"}}, Status: 404},
		{At: 2 * time.Second, Method: "POST", URL: "/login", Body: []byte("{}")},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	for q, err := range Read("list", strings.NewReader("# a list\n1.5 GET /b\n")) {
		if err != nil || q.At != 1500*time.Millisecond || q.URL != "/b" {
			t.Errorf("%+v, %v", q, err)
		}
	}
	for name, bad := range map[string]string{"another file": "{}\n", "cut off": file[:len(file)-20]} {
		failed := false
		for _, err := range Read("day.requests", strings.NewReader(bad)) {
			failed = failed || err != nil && strings.HasPrefix(err.Error(), "day.requests: ")
		}
		if !failed {
			t.Errorf("%s is no error", name)
		}
	}
	for range Read("nothing", strings.NewReader("")) {
		t.Error("nothing has a request")
	}
}
