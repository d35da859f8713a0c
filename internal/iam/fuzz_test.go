package iam

import (
	"encoding/json"
	"testing"
)

// FuzzParse looks for input that makes Parse or Evaluate panic, or that Parse reads differently from encoding/json.
func FuzzParse(f *testing.F) {
	for _, page := range publishedPages(f) {
		for _, example := range page.Examples {
			f.Add([]byte(example.Policy))
		}
	}
	context := map[string][]string{
		"aws:username": {"*"}, "aws:TagKeys": {"a", ""}, "s3:TlsVersion": {"x"}, "aws:SourceIp": {"::1"},
	}
	requests := []Request{
		{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/a:b", Context: context},
		{
			Action: "sts:AssumeRole", Resource: "arn:aws:iam::111122223333:role/r",
			Principal: Principal{Service, "lambda.amazonaws.com"},
		},
		{
			Action: "s3:GetObject", Resource: "*",
			Principal: Principal{AWS, "arn:aws:sts::111122223333:assumed-role/r/s"}, Context: context,
		},
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		document, err := Parse(data)
		if err != nil {
			if document != nil {
				t.Error("a document beside an error")
			}
			return
		}
		var value any
		if err := json.Unmarshal(data, &value); err != nil {
			t.Fatalf("Parse took what is no JSON: %v", err)
		}
		if _, err := ParseValue(value); err != nil {
			t.Errorf("ParseValue refuses what Parse took: %v", err)
		}
		for _, r := range requests {
			if got, err := Evaluate([]Policy{{"fuzz", document}}, r); err != nil && got != (Decision{}) {
				t.Errorf("%s beside the error %v", got, err)
			}
		}
	})
}
