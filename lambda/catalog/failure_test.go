package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/awstest"
	"github.com/securecart/identity/lambda/internal/upstream"
)

func TestDynamoDBFailingIsAnswered503(t *testing.T) {
	hasty := upstream.Patience{Attempt: 50 * time.Millisecond, Attempts: 2, Pause: time.Millisecond}
	tests := map[string]*awstest.Service{
		"ProvisionedThroughputExceededException": awstest.Refusing(t, 400, "ProvisionedThroughputExceededException"),
		"RequestLimitExceeded":                   awstest.Refusing(t, 400, "RequestLimitExceeded"),
		"ThrottlingException":                    awstest.Refusing(t, 400, "ThrottlingException"),
		"InternalServerError":                    awstest.Refusing(t, 500, "InternalServerError"),
		"Timeout":                                awstest.Silent(t),
	}
	for code, service := range tests {
		t.Run(code, func(t *testing.T) {
			shop := newShop(t)
			shop.client = dynamodb.NewFromConfig(hasty.Apply(awstest.Config(service.URL)))
			response := shop.serve(t, requestOf(t, nil))
			if response.StatusCode != http.StatusServiceUnavailable || response.Headers["Retry-After"] != "1" {
				t.Errorf("answer %d, Retry-After %q; want 503 and 1", response.StatusCode, response.Headers["Retry-After"])
			}
			if want := fmt.Sprintf(`"error":%q,"reason":"DynamoDB Query"`, code); !strings.Contains(shop.log.String(), want) {
				t.Errorf("log %s; want %s in it", shop.log, want)
			}
			if both := response.Body + shop.log.String(); strings.Contains(both, "arn:") || strings.Contains(both, shop.table) {
				t.Errorf("an ARN or the table's name is told: %s", both)
			}
		})
	}
}
