package apigateway_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/apigateway"
)

func BenchmarkGetOrders(b *testing.B) {
	s := reviewed(b, nil)
	s.API.Throttling = deployed.Throttling{Rate: 1e6, Burst: 1e6}
	a := serve(b, s, func(o *apigateway.Options) {
		o.Log = io.Discard
		o.Invoke = func(context.Context, string, []byte) ([]byte, error) {
			return []byte(`{"statusCode": 200, "body": "{}"}`), nil
		}
	})
	server := httptest.NewServer(a)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	bearer := token(b, s, nil)
	b.SetParallelism(8) // on 2 cores: 16 connections
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, _ := http.NewRequest(http.MethodGet, server.URL+"/v1/orders?limit=20", nil)
			r.Header.Set("Authorization", "Bearer "+bearer)
			response, err := client.Do(r)
			if err != nil || response.StatusCode != http.StatusOK {
				b.Errorf("%v %v", response, err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	})
}
