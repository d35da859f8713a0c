package credentials

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm = "AWS4-HMAC-SHA256"
	// basicFormat is the form of ISO 8601 in X-Amz-Date.
	basicFormat = "20060102T150405Z"
)

// authorization holds the parameters of a request's signature, from its header Authorization or its query:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
type authorization struct {
	accessKeyID string
	scope       scope
	// signedHeaders are in lower case and in the order of the request.
	signedHeaders []string
	signature     string
	date          time.Time
	token         string
	// presigned is true if the parameters are in the query; expires is then how long the signature is valid.
	presigned bool
	expires   time.Duration
}

// scope is the date, Region and service of a signature.
type scope struct{ date, region, service, terminator string }

func incomplete(format string, values ...any) error {
	return &Error{Code: IncompleteSignature, Message: fmt.Sprintf(format, values...)}
}

func invalid(format string, values ...any) error {
	return &Error{Code: InvalidSignature, Message: fmt.Sprintf(format, values...)}
}

// readAuthorization reads the header or, for presigned URLs, the query. It refuses a request with both.
func readAuthorization(r *http.Request, query url.Values) (authorization, error) {
	header := r.Header.Values("Authorization")
	presigned := query.Has("X-Amz-Algorithm")
	switch {
	case len(header) == 0 && !presigned:
		return authorization{}, &Error{Code: MissingAuthenticationToken, Message: "Missing Authentication Token"}
	case len(header) > 0 && presigned:
		return authorization{}, invalid(
			"Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
	case presigned:
		return readPresigned(query)
	case len(header) > 1:
		return authorization{}, incomplete("Only one 'Authorization' header is allowed.")
	}
	return readHeader(r, header[0])
}

func readHeader(r *http.Request, header string) (authorization, error) {
	name, rest, _ := strings.Cut(header, " ")
	if name != algorithm {
		return authorization{}, incomplete("Unsupported AWS 'algorithm' in the Authorization header (only %s is understood).",
			algorithm)
	}
	parameters := url.Values{}
	for part := range strings.SplitSeq(rest, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			return authorization{}, incomplete("Invalid key=value pair (missing equal-sign) in Authorization header.")
		}
		parameters.Add(key, value)
	}
	for _, key := range []string{"Credential", "SignedHeaders", "Signature"} {
		if len(parameters[key]) != 1 || parameters.Get(key) == "" {
			return authorization{}, incomplete("Authorization header requires '%s' parameter, once.", key)
		}
	}
	for _, name := range []string{"X-Amz-Date", "X-Amz-Security-Token"} {
		if len(r.Header.Values(name)) > 1 {
			return authorization{}, incomplete("Header '%s' is there more than once.", name)
		}
	}
	a := authorization{signature: parameters.Get("Signature"), token: r.Header.Get("X-Amz-Security-Token")}
	return a, a.fill(parameters.Get("Credential"), parameters.Get("SignedHeaders"), r.Header.Get("X-Amz-Date"))
}

func readPresigned(query url.Values) (authorization, error) {
	if query.Get("X-Amz-Algorithm") != algorithm {
		return authorization{}, incomplete("Unsupported AWS 'algorithm' in the query (only %s is understood).", algorithm)
	}
	for _, key := range []string{
		"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-SignedHeaders",
		"X-Amz-Signature",
	} {
		if len(query[key]) != 1 || query.Get(key) == "" {
			return authorization{}, incomplete("AWS query-string parameters must include '%s', once.", key)
		}
	}
	seconds, err := strconv.Atoi(query.Get("X-Amz-Expires"))
	if err != nil || seconds < 1 || seconds > longestPresigned {
		return authorization{}, incomplete("X-Amz-Expires must be a number of seconds from 1 to %d.", longestPresigned)
	}
	a := authorization{
		signature: query.Get("X-Amz-Signature"), token: query.Get("X-Amz-Security-Token"),
		presigned: true, expires: time.Duration(seconds) * time.Second,
	}
	return a, a.fill(query.Get("X-Amz-Credential"), query.Get("X-Amz-SignedHeaders"), query.Get("X-Amz-Date"))
}

// fill reads the parameters of both forms.
func (a *authorization) fill(credential, signedHeaders, date string) error {
	parts := strings.Split(credential, "/")
	if len(parts) != 5 {
		return incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.")
	}
	a.accessKeyID, a.scope = parts[0], scope{date: parts[1], region: parts[2], service: parts[3], terminator: parts[4]}
	a.signedHeaders = strings.Split(signedHeaders, ";")
	if date == "" {
		return incomplete("Authorization requires the existence of 'X-Amz-Date'.")
	}
	var err error
	if a.date, err = time.Parse(basicFormat, date); err != nil || a.date.Format(basicFormat) != date {
		return incomplete("Date must be in ISO-8601 'basic format'. Got %q.", date)
	}
	return nil
}

// checkHeaders refuses unsigned headers that matter: "You must include the host header (HTTP/1.1) or the :authority
// header (HTTP/2), and any x-amz-* headers in the signature",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func (a *authorization) checkHeaders(header http.Header) error {
	if !slices.IsSorted(a.signedHeaders) || len(slices.Compact(slices.Clone(a.signedHeaders))) < len(a.signedHeaders) {
		return invalid("SignedHeaders must be sorted, and each there once.")
	}
	if !slices.Contains(a.signedHeaders, "host") {
		return invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.")
	}
	for name := range header {
		name = strings.ToLower(name)
		if strings.HasPrefix(name, "x-amz-") && !slices.Contains(a.signedHeaders, name) {
			return invalid("There were headers present in the request which were not signed: %s", name)
		}
	}
	return nil
}

// check refuses a signature that was made for another day, Region or service.
func (s scope) check(date time.Time, region, service string) error {
	var problems []string
	if s.region != region {
		problems = append(problems, fmt.Sprintf("Credential should be scoped to a valid Region, not '%s'.", s.region))
	}
	if s.service != service {
		problems = append(problems, fmt.Sprintf("Credential should be scoped to correct service: '%s'.", service))
	}
	if s.terminator != "aws4_request" {
		problems = append(problems,
			fmt.Sprintf("Credential should be scoped with a valid terminator: 'aws4_request', not '%s'.", s.terminator))
	}
	if day := date.Format("20060102"); s.date != day {
		problems = append(problems, fmt.Sprintf(
			"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s'.",
			s.date, day))
	}
	if len(problems) > 0 {
		return invalid("%s", strings.Join(problems, " "))
	}
	return nil
}
