package credentials_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/local/credentials"
)

func TestSignaturesForAnotherPlaceAreRefused(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	as := asAWS(assumeCustomer(t, s, store))
	for name, m := range map[string]message{
		"region":  sign(t, as, "dynamodb", "us-east-1", clock.Time),
		"service": sign(t, as, "s3", region, clock.Time),
		"region that is empty": func() message {
			m := sign(t, as, "dynamodb", region, clock.Time)
			m.header.Set("Authorization", strings.Replace(m.header.Get("Authorization"), "/"+region+"/", "//", 1))
			return m
		}(),
		"day": func() message {
			m := sign(t, as, "dynamodb", region, clock.Time)
			m.header.Set("Authorization", strings.Replace(m.header.Get("Authorization"), "/20260304/", "/20260303/", 1))
			return m
		}(),
		"terminator": func() message {
			m := sign(t, as, "dynamodb", region, clock.Time)
			m.header.Set("Authorization", strings.Replace(m.header.Get("Authorization"), "/aws4_request", "/aws5_request", 1))
			return m
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := m.verify(store, "dynamodb")
			wantCode(t, err, credentials.InvalidSignature)
			if err != nil && !strings.Contains(err.Error(), "Credential") {
				t.Errorf("%v does not say what is wrong with the scope", err)
			}
		})
	}
}

func TestRequestsAreRefusedFiveMinutesLater(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	m := sign(t, asAWS(assumeCustomer(t, s, store)), "dynamodb", region, clock.Time)
	signedAt := clock.Time
	for after, problem := range map[time.Duration]string{
		-5 * time.Minute:            "",
		0:                           "",
		5 * time.Minute:             "",
		5*time.Minute + time.Second: "Signature expired",
		59 * time.Minute:            "Signature expired",
		-5*time.Minute - 1:          "Signature not yet current",
	} {
		clock.Time = signedAt.Add(after)
		_, err := m.verify(store, "dynamodb")
		if problem == "" && err != nil || problem != "" && (err == nil || !strings.Contains(err.Error(), problem)) {
			t.Errorf("after %s: got %v, want %q", after, err, problem)
		}
		if problem != "" {
			wantCode(t, err, credentials.InvalidSignature)
		}
	}
}

func TestOnlyLiveCredentialsWithTheirOwnTokenAreRecognized(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	mine, others := asAWS(assumeCustomer(t, s, store)), asAWS(assumeCustomer(t, s, store))
	change := func(with func(*aws.Credentials)) aws.Credentials {
		changed := mine
		with(&changed)
		return changed
	}
	for name, test := range map[string]struct {
		as   aws.Credentials
		code string
	}{
		"unknown access key": {change(func(c *aws.Credentials) { c.AccessKeyID = "ASIAIOSFODNN7EXAMPLE" }),
			credentials.UnrecognizedClient},
		"no token": {change(func(c *aws.Credentials) { c.SessionToken = "" }), credentials.UnrecognizedClient},
		"another session's token": {change(func(c *aws.Credentials) { c.SessionToken = others.SessionToken }),
			credentials.UnrecognizedClient},
		"another session's key": {change(func(c *aws.Credentials) { c.AccessKeyID = others.AccessKeyID }),
			credentials.UnrecognizedClient},
		"another secret": {change(func(c *aws.Credentials) { c.SecretAccessKey = others.SecretAccessKey }),
			credentials.InvalidSignature},
		"everything of another": {others, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := sign(t, test.as, "kms", region, clock.Time)
			session, err := m.verify(store, "kms")
			if test.code == "" {
				if err != nil || session.AccessKeyID != others.AccessKeyID {
					t.Errorf("got %v, %v", session, err)
				}
				return
			}
			wantCode(t, err, test.code)
		})
	}
	for after, code := range map[time.Duration]string{
		time.Hour - time.Second:    "",
		time.Hour:                  credentials.ExpiredToken,
		time.Hour + 10*time.Minute: credentials.ExpiredToken,
	} {
		clock.Time = newClock().Add(after)
		m := sign(t, mine, "kms", region, clock.Time)
		if _, err := m.verify(store, "kms"); code == "" && err != nil {
			t.Errorf("after %s: %v", after, err)
		} else if code != "" {
			wantCode(t, err, code)
		}
	}
}

func TestRequestsWithoutAWholeSignatureAreRefused(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	m := sign(t, asAWS(assumeGuest(t, s, store)), "execute-api", region, clock.Time)
	whole := m.header.Get("Authorization")
	unsigned, _, _ := strings.Cut(whole, ", Signature")
	for name, test := range map[string]struct{ header, date, code string }{
		"none":           {"", "20260304T120000Z", credentials.MissingAuthenticationToken},
		"a bearer token": {"Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "20260304T120000Z", credentials.IncompleteSignature},
		"another algorithm": {strings.Replace(whole, "HMAC", "ECDSA-P256", 1), "20260304T120000Z",
			credentials.IncompleteSignature},
		"algorithm alone": {"AWS4-HMAC-SHA256", "20260304T120000Z", credentials.IncompleteSignature},
		"no equal sign":   {"AWS4-HMAC-SHA256 Credential", "20260304T120000Z", credentials.IncompleteSignature},
		"no signature":    {unsigned, "20260304T120000Z", credentials.IncompleteSignature},
		"two signatures":  {whole + ", Signature=0", "20260304T120000Z", credentials.IncompleteSignature},
		"a short credential": {strings.Replace(whole, "/execute-api/", "/", 1), "20260304T120000Z",
			credentials.IncompleteSignature},
		"no date":              {whole, "", credentials.IncompleteSignature},
		"a date of no form":    {whole, "2026-03-04", credentials.IncompleteSignature},
		"a date with fraction": {whole, "20260304T120000.5Z", credentials.IncompleteSignature},
	} {
		t.Run(name, func(t *testing.T) {
			m := m
			m.header = m.header.Clone()
			m.header.Del("Authorization")
			if test.header != "" {
				m.header.Set("Authorization", test.header)
			}
			m.header.Set("X-Amz-Date", test.date)
			_, err := m.verify(store, "execute-api")
			wantCode(t, err, test.code)
		})
	}
}
