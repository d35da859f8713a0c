package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/test/e2e"
)

// outside checks a stage by anonymous requests: whether it answers, and refuses callers without a token. It creates
// nothing and needs no credentials, so that it is safe for a stage with customers.
func outside(ctx context.Context, outputs e2e.Outputs) []answer {
	api, login := strings.TrimSuffix(outputs.APIURL, "/"), strings.TrimSuffix(outputs.ManagedLoginURL, "/")
	asked := []struct {
		question, method, url string
		want                  []int
	}{
		{"orders without a token", http.MethodGet, api + "/orders", []int{http.StatusUnauthorized}},
		{"checkout without a token", http.MethodPost, api + "/orders", []int{http.StatusUnauthorized}},
		{"a profile without a token", http.MethodGet, api + "/profile", []int{http.StatusUnauthorized}},
		{"products without a signature", http.MethodGet, api + "/products", []int{http.StatusForbidden}},
		{"a path that is not there", http.MethodGet, api + "/nothing-is-here", []int{http.StatusForbidden}},
		{"the page to sign in", http.MethodGet, login + "/login?response_type=code&client_id=" + outputs.WebClientID,
			[]int{http.StatusOK, http.StatusFound}},
	}
	// A redirect is an answer.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := &http.Client{Timeout: 30 * time.Second, CheckRedirect: stay}
	answers := make([]answer, 0, len(asked))
	for i, a := range asked {
		got := answer{ID: fmt.Sprintf("E%d", i+1), Question: a.question, Verdict: unanswered}
		status, err := statusOf(ctx, client, a.method, a.url)
		switch {
		case err != nil:
			got.Seen = err.Error()
		case slices.Contains(a.want, status):
			got.Verdict, got.Seen = holds, fmt.Sprint(status)
		default:
			got.Verdict, got.Seen = fails, fmt.Sprintf("%d, want %v", status, a.want)
		}
		answers = append(answers, got)
	}
	return answers
}

func statusOf(ctx context.Context, client *http.Client, method, url string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return 0, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, errors.Join(err, response.Body.Close())
}
