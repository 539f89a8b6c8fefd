package host

// The query string, without the map that net/url makes of it: a request's
// parameters are few and each is asked for once.

import (
	"errors"
	"net/url"
	"strings"
)

// A parameter is one name=value of a query string.
type parameter struct{ name, value string }

// parameters returns the values of the query parameter name, in their order.
func (r *Request) parameters(name string) (values []string) {
	if !r.parsed {
		r.parsed = true
		var err error
		if r.query, err = parseQuery(r.http.URL.RawQuery); err != nil {
			r.complain("the query string cannot be read: %v", err)
		}
	}
	for i := range r.query {
		if r.query[i].name == name {
			values = append(values, r.query[i].value)
		}
	}
	return values
}

// parseQuery does what url.ParseQuery does, and reports the first thing that is
// wrong. The length of the header bounds it.
func parseQuery(text string) (all []parameter, wrong error) {
	for text != "" {
		var part string
		part, text, _ = strings.Cut(text, "&")
		if part == "" {
			continue
		}
		p, err := parseParameter(part)
		if err != nil && wrong == nil {
			wrong = err
		}
		if err == nil {
			all = append(all, p)
		}
	}
	return all, wrong
}

func parseParameter(text string) (p parameter, err error) {
	if strings.Contains(text, ";") {
		return p, errors.New("invalid semicolon separator in query")
	}
	name, value, _ := strings.Cut(text, "=")
	if p.name, err = url.QueryUnescape(name); err != nil {
		return p, err
	}
	p.value, err = url.QueryUnescape(value)
	return p, err
}
