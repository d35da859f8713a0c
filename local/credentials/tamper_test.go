package credentials_test

import (
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/securecart/identity/local/credentials"
)

func TestTamperedRequestsAreRefused(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	signed := sign(t, asAWS(assumeCustomer(t, s, store)), "execute-api", region, clock.Time)
	if _, err := signed.verify(store, "execute-api"); err != nil {
		t.Fatalf("as it was signed: %v", err)
	}
	authorization := signed.header.Get("Authorization")
	for name, tamper := range map[string]struct {
		with func(m *message)
		code string
	}{
		"method":               {func(m *message) { m.method = http.MethodPut }, credentials.InvalidSignature},
		"path":                 {func(m *message) { m.path = "/v1/some%20products/b" }, credentials.InvalidSignature},
		"path, other escapes":  {func(m *message) { m.path = "/v1/some%20products/%61" }, credentials.InvalidSignature},
		"query value":          {func(m *message) { m.query = "category=mugs&limit=6" }, credentials.InvalidSignature},
		"query added":          {func(m *message) { m.query += "&cursor=x" }, credentials.InvalidSignature},
		"query left out":       {func(m *message) { m.query = "category=mugs" }, credentials.InvalidSignature},
		"query of no form":     {func(m *message) { m.query += "&cursor=%zz" }, credentials.IncompleteSignature},
		"query with semicolon": {func(m *message) { m.query += ";cursor=x" }, credentials.IncompleteSignature},
		"host":                 {func(m *message) { m.host = "127.0.0.1:4567" }, credentials.InvalidSignature},
		"body":                 {func(m *message) { m.body = `{"a":2}` }, credentials.InvalidSignature},
		"body left out":        {func(m *message) { m.body = "" }, credentials.InvalidSignature},
		"header": {func(m *message) { m.header.Set("Content-Type", "text/plain") },
			credentials.InvalidSignature},
		"header left out": {func(m *message) { m.header.Del("Content-Type") }, credentials.InvalidSignature},
		"header twice": {func(m *message) { m.header.Add("Content-Type", "text/plain") },
			credentials.InvalidSignature},
		"x-amz- header": {func(m *message) { m.header.Set("X-Amz-Target", "Service.Other") },
			credentials.InvalidSignature},
		"x-amz- header added": {func(m *message) { m.header.Set("X-Amz-Meta-Note", "x") }, credentials.InvalidSignature},
		"date": {func(m *message) { m.header.Set("X-Amz-Date", "20260304T120001Z") },
			credentials.InvalidSignature},
		"date twice": {func(m *message) { m.header.Add("X-Amz-Date", "20260304T120001Z") },
			credentials.IncompleteSignature},
		"token twice": {func(m *message) { m.header.Add("X-Amz-Security-Token", "x") },
			credentials.IncompleteSignature},
		"authorization twice": {func(m *message) { m.header.Add("Authorization", authorization) },
			credentials.IncompleteSignature},
		"in the query as well": {func(m *message) { m.query += "&X-Amz-Algorithm=AWS4-HMAC-SHA256" },
			credentials.InvalidSignature},
		"a signed header not listed": {func(m *message) {
			m.header.Set("Authorization", strings.Replace(authorization, "content-type;", "", 1))
		}, credentials.InvalidSignature},
		"host not listed": {func(m *message) {
			m.header.Set("Authorization", strings.Replace(authorization, "host;", "", 1))
		}, credentials.InvalidSignature},
		"token not listed": {func(m *message) {
			m.header.Set("Authorization", strings.Replace(authorization, "x-amz-security-token;", "", 1))
		}, credentials.InvalidSignature},
		"signed headers in another order": {func(m *message) {
			m.header.Set("Authorization", strings.Replace(authorization, "content-type;host", "host;content-type", 1))
		}, credentials.InvalidSignature},
		"signature cut": {func(m *message) { m.header.Set("Authorization", authorization[:len(authorization)-1]) },
			credentials.InvalidSignature},
		"signature empty": {func(m *message) { m.header.Set("Authorization", authorization[:len(authorization)-64]) },
			credentials.IncompleteSignature},
	} {
		m := signed
		m.header = signed.header.Clone()
		tamper.with(&m)
		session, err := m.verify(store, "execute-api")
		if session != nil {
			t.Errorf("%s: recognized", name)
		}
		t.Run(name, func(t *testing.T) { wantCode(t, err, tamper.code) })
	}
}

// TestNoChangedCharacterGoesUnnoticed changes one character anywhere in a request.
func TestNoChangedCharacterGoesUnnoticed(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	signed := sign(t, asAWS(assumeCustomer(t, s, store)), "execute-api", region, clock.Time)
	parts := map[string]func(*message) *string{
		"path":   func(m *message) *string { return &m.path },
		"query":  func(m *message) *string { return &m.query },
		"body":   func(m *message) *string { return &m.body },
		"header": func(m *message) *string { return &m.header["X-Amz-Target"][0] },
		"token":  func(m *message) *string { return &m.header["X-Amz-Security-Token"][0] },
		"proof":  func(m *message) *string { return &m.header["Authorization"][0] },
	}
	rapid.Check(t, func(t *rapid.T) {
		m := signed
		m.header = signed.header.Clone()
		text := parts[rapid.SampledFrom([]string{"path", "query", "body", "header", "token", "proof"}).Draw(t, "part")](&m)
		// The first character of a path makes it one.
		at := rapid.IntRange(1, len(*text)-1).Draw(t, "at")
		letter := rapid.SampledFrom([]byte("abcdefxyzABCDEFXYZ0123456789")).Draw(t, "letter")
		if (*text)[at] == letter || (*text)[at-1] == '%' || at > 1 && (*text)[at-2] == '%' {
			t.Skip("the same character, or an escape")
		}
		*text = (*text)[:at] + string(letter) + (*text)[at+1:]
		if _, err := m.verify(store, "execute-api"); err == nil {
			t.Fatalf("%q was not noticed", *text)
		}
	})
}
