package services_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/services"
)

func TestBucketsAreAlsoNamedByTheirHost(t *testing.T) {
	s := serve(t)
	media := s.bucket(t, "Media")
	must.Do(t, s.objects.Put(media, "products/mug.svg", "image/svg+xml", []byte("<svg/>")))
	for path, says := range map[string]string{
		"/products/mug.svg": "<svg/>", "/" + media + "/products/mug.svg": "AccessDenied", "/drafts/mug.svg": "AccessDenied",
	} {
		request := must.Get(http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil))(t)
		request.Host = media + ".s3.eu-central-1.amazonaws.com"
		if _, answer := sendToS3(t, s.guest(t), request, "UNSIGNED-PAYLOAD"); !strings.Contains(answer, says) {
			t.Errorf("%s: got %s, want %s", path, answer, says)
		}
	}
}

func TestPresignedURLsOpenOneObject(t *testing.T) {
	s := serve(t)
	documents, c := s.bucket(t, "Documents"), s.customer(t, alice)
	must.Do(t, put(t.Context(), s.staff(t, "clerk"), documents, mine, "content"))
	signed := must.Get(s3.NewPresignClient(c.objects).PresignGetObject(t.Context(), &s3.GetObjectInput{
		Bucket: aws.String(documents), Key: aws.String(mine),
	}))(t)
	for url, says := range map[string]string{
		signed.URL: "content",
		strings.Replace(signed.URL, alice, bob, 1): "SignatureDoesNotMatch",
		signed.URL + "&acl":                        "SignatureDoesNotMatch",
	} {
		request := must.Get(http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil))(t)
		if _, answer := send(t, request); !strings.Contains(answer, says) {
			t.Errorf("%s: got %s, want %s", url, answer, says)
		}
	}
}

// TestErrorsOfS3HaveItsOwnNames: they differ from those of the JSON protocols.
func TestErrorsOfS3HaveItsOwnNames(t *testing.T) {
	s := serve(t)
	c := s.customer(t, alice)
	another := s.customer(t, bob)
	sign := func(change func(r *http.Request, c *caller)) func(*http.Request) {
		return func(r *http.Request) {
			signing := *c
			change(r, &signing)
			r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
			signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
			must.Do(t, signer.SignHTTP(t.Context(), asAWS(signing.session), r, "UNSIGNED-PAYLOAD", "s3", region,
				time.Now()))
		}
	}
	for name, test := range map[string]struct {
		prepare func(r *http.Request)
		status  int
		says    string
	}{
		"unsigned": {func(*http.Request) {}, http.StatusForbidden, "<Code>AccessDenied</Code>"},
		"not AWS's": {func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, http.StatusBadRequest,
			"<Code>AuthorizationHeaderMalformed</Code>"},
		"foreign token": {sign(func(_ *http.Request, c *caller) {
			c.session.SessionToken = another.session.SessionToken
		}), http.StatusForbidden, "<Code>InvalidAccessKeyId</Code>"},
		"foreign secret": {sign(func(_ *http.Request, c *caller) {
			c.session.SecretAccessKey = another.session.SecretAccessKey
		}), http.StatusForbidden, "<Code>SignatureDoesNotMatch</Code>"},
		"other method": {sign(func(r *http.Request, _ *caller) {
			r.Method = http.MethodPatch
		}), http.StatusNotImplemented,
			"<Code>NotImplemented</Code><Message>PATCH of an object is not served here.</Message>"},
		"escaped in paths": {sign(func(r *http.Request, _ *caller) { r.URL.Path = "/a&b/<c>" }), http.StatusNotFound,
			"<Resource>/a&amp;b/&lt;c&gt;</Resource>"},
	} {
		request := must.Get(
			http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/"+s.bucket(t, "Documents")+"/a", nil))(t)
		test.prepare(request)
		if status, answer := send(t, request); status != test.status || !strings.Contains(answer, test.says) {
			t.Errorf("%s: got %d %s, want %d %s", name, status, answer, test.status, test.says)
		}
	}
}

func TestPagesOfTheShopMayReadBuckets(t *testing.T) {
	s := serve(t, func(templates map[string]assembly.Template) {
		for id, r := range templates["Data"].OfType("AWS::S3::Bucket") {
			if strings.HasPrefix(id, "Media") {
				rule := r.Properties["CorsConfiguration"].(map[string]any)["CorsRules"].([]any)[0].(map[string]any)
				rule["AllowedOrigins"], rule["AllowedHeaders"] = []any{"*"}, []any{"X-Amz-*", "range"}
			}
		}
	})
	for _, test := range []struct {
		bucket, method, origin, asked, headers string
		allowed                                bool
	}{
		{"Documents", http.MethodOptions, "http://localhost:5173", http.MethodGet, "content-type,x-amz-date", true},
		{"Documents", http.MethodOptions, "http://localhost:5173", http.MethodPut, "", false},
		{"Documents", http.MethodOptions, "http://localhost:5173", http.MethodGet, "", true},
		{"Documents", http.MethodOptions, "http://localhost:5173", http.MethodDelete, "", false},
		{"Documents", http.MethodOptions, "http://localhost:5174", http.MethodGet, "", false},
		{"Documents", http.MethodOptions, "null", http.MethodGet, "", false},
		{"Documents", http.MethodOptions, "", http.MethodGet, "", false},
		{"Media", http.MethodOptions, "http://localhost:5173", http.MethodPut, "", false},
		{"Media", http.MethodOptions, "http://any.example", http.MethodGet, "x-amz-date,Range", true},
		{"Media", http.MethodOptions, "http://any.example", http.MethodGet, "x-amz-date,x-other", false},
		{"Media", http.MethodOptions, "", http.MethodGet, "", false},
		{"AccessLogs", http.MethodOptions, "http://localhost:5173", http.MethodGet, "", false},
		{"Documents", http.MethodGet, "http://localhost:5173", "", "", true},
		{"Documents", http.MethodGet, "http://evil.example", "", "", false},
	} {
		request := must.Get(
			http.NewRequestWithContext(t.Context(), test.method, s.url+"/"+s.bucket(t, test.bucket)+"/a", nil))(t)
		for name, value := range map[string]string{
			"Origin": test.origin, "Access-Control-Request-Method": test.asked, "Access-Control-Request-Headers": test.headers,
		} {
			if value != "" {
				request.Header.Set(name, value)
			}
		}
		response := must.Get(http.DefaultClient.Do(request))(t)
		_ = response.Body.Close()
		preflight := test.method == http.MethodOptions
		wantStatus, wantOrigin := http.StatusForbidden, ""
		if test.allowed {
			wantOrigin = test.origin
			if preflight {
				wantStatus = http.StatusOK
			}
		}
		if got := response.Header.Get("Access-Control-Allow-Origin"); got != wantOrigin || response.StatusCode != wantStatus {
			t.Errorf("%+v: got %d, allowed origin %q", test, response.StatusCode, got)
		}
		if got := response.Header.Get("Access-Control-Allow-Headers"); test.allowed &&
			got != strings.ToLower(strings.ReplaceAll(test.headers, ",", ", ")) {
			t.Errorf("%+v: allowed headers %q", test, got)
		}
		if got := response.Header.Get("Access-Control-Expose-Headers"); test.allowed && got != "ETag" {
			t.Errorf("%+v: exposed headers %q", test, got)
		}
	}
}

func TestBucketsThatAreNotUnderstoodStopTheStart(t *testing.T) {
	encryption := func(change func(rule map[string]any)) stagetest.Change {
		return func(templates map[string]assembly.Template) {
			for id, r := range templates["Data"].OfType("AWS::S3::Bucket") {
				if strings.HasPrefix(id, "Documents") {
					rules := r.Properties["BucketEncryption"].(map[string]any)["ServerSideEncryptionConfiguration"].([]any)
					change(rules[0].(map[string]any)["ServerSideEncryptionByDefault"].(map[string]any))
				}
			}
		}
	}
	for says, change := range map[string]stagetest.Change{
		`SSEAlgorithm "aws:kms:dsse" is not served`: encryption(
			func(rule map[string]any) { rule["SSEAlgorithm"] = "aws:kms:dsse" }),
		`SSEAlgorithm "aws:kms" is not served`: encryption(func(rule map[string]any) { delete(rule, "KMSMasterKeyID") }),
		"which is no key of the stage": encryption(
			func(rule map[string]any) { rule["KMSMasterKeyID"] = "arn:aws:kms:eu-central-1:111122223333:key/none" }),
		"2 rules of encryption": func(templates map[string]assembly.Template) {
			for _, r := range templates["Data"].OfType("AWS::S3::Bucket") {
				rules := r.Properties["BucketEncryption"].(map[string]any)
				list := rules["ServerSideEncryptionConfiguration"].([]any)
				rules["ServerSideEncryptionConfiguration"] = append(list, list[0])
			}
		},
	} {
		s := stagetest.Dev(t, change)
		if _, err := services.NewS3(s, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want %q in it", err, says)
		}
	}
}
