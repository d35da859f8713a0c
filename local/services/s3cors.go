package services

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/securecart/identity/local/services/awsjson"
)

// preflight answers by the first matching rule of the bucket:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
func (s *S3) preflight(w http.ResponseWriter, r *s3Request) {
	var asked []string
	for name := range strings.SplitSeq(r.Header.Get("Access-Control-Request-Headers"), ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			asked = append(asked, name)
		}
	}
	if !allow(w.Header(), r, r.Header.Get("Access-Control-Request-Method"), asked) {
		writeS3Error(w, r.Request,
			&xmlError{http.StatusForbidden, "AccessForbidden", "CORSResponse: This CORS request is not allowed."})
		return
	}
	w.Header().Set("X-Amz-Request-Id", awsjson.RequestID())
	w.WriteHeader(http.StatusOK)
}

// allowOrigin tells browsers that the calling page may read the response, including errors.
func (s *S3) allowOrigin(header http.Header, r *s3Request) {
	if r.Header.Get("Origin") != "" {
		allow(header, r, r.Method, nil)
	}
}

// allow sets the headers of the first rule that allows the request's origin, method and headers. It returns false if
// there is none.
func allow(header http.Header, r *s3Request, method string, asked []string) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	header.Add("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
	for _, rule := range r.bucket.CorsConfiguration.CorsRules {
		refused := func(name string) bool { return !fits(rule.AllowedHeaders, name) }
		if !fits(rule.AllowedOrigins, origin) || !slices.Contains(rule.AllowedMethods, method) ||
			slices.ContainsFunc(asked, refused) {
			continue
		}
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Allow-Methods", strings.Join(rule.AllowedMethods, ", "))
		if len(asked) > 0 {
			header.Set("Access-Control-Allow-Headers", strings.Join(asked, ", "))
		}
		if len(rule.ExposedHeaders) > 0 {
			header.Set("Access-Control-Expose-Headers", strings.Join(rule.ExposedHeaders, ", "))
		}
		if rule.MaxAge > 0 {
			header.Set("Access-Control-Max-Age", strconv.Itoa(rule.MaxAge))
		}
		return true
	}
	return false
}

// fits reports whether one of the patterns, which may have one asterisk each, matches text. The match is
// case-insensitive, which suits headers; browsers write origins in lower case.
func fits(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		before, after, wild := strings.Cut(strings.ToLower(pattern), "*")
		if !wild {
			return before == text
		}
		return len(text) >= len(before)+len(after) && strings.HasPrefix(text, before) && strings.HasSuffix(text, after)
	})
}
