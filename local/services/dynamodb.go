package services

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/services/awsjson"
)

// DynamoDBTarget is the prefix of the operation in X-Amz-Target.
const DynamoDBTarget = "DynamoDB_20120810"

// engineTimeout bounds a call to the engine, which normally takes a millisecond.
const engineTimeout = 10 * time.Second

var dynamoDBProtocol = awsjson.Protocol{
	Target: DynamoDBTarget, Version: "1.0", Browsers: true,
	// What DynamoDB takes, too: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
	Limit: 16 << 20,
}

// dynamoDB authorizes requests before the engine, which itself allows everything.
type dynamoDB struct {
	guard
	engine string
	client *http.Client
}

// NewDynamoDB serves the stage's tables. They are in a [Tables], whose URL engine is.
//
// Callers also need kms:Decrypt on the key of an encrypted table, as on AWS at the first use of a table's key:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
func NewDynamoDB(s *deployed.Stage, store *credentials.Store, engine string) (http.Handler, error) {
	d := &dynamoDB{guard: guard{s, store}, engine: engine, client: &http.Client{
		Timeout: engineTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
	}}
	var errs []error
	for _, table := range s.Tables {
		if arn := table.SSESpecification.KMSMasterKeyID; arn != "" {
			if err := d.key(arn); err != nil {
				errs = append(errs, fmt.Errorf("table %s: %w", table.Name, err))
			}
		}
	}
	return dynamoDBProtocol.Handler(d.answer), errors.Join(errs...)
}

func (d *dynamoDB) answer(r *http.Request, operation string, body []byte) (any, error) {
	session, err := d.store.Verify(r, body, "dynamodb")
	if err != nil {
		return nil, err
	}
	c, err := d.read(operation, body)
	if err != nil {
		return nil, err
	}
	for _, n := range c.needs {
		if err := d.authorize(session, n); err != nil {
			return nil, err
		}
	}
	if err := c.serveable(); err != nil {
		return nil, err
	}
	answer, err := d.forward(r, c)
	if err != nil || c.operation != "DescribeTable" {
		return answer, err
	}
	return described(answer, c.needs[0].table)
}

func (d *dynamoDB) authorize(session *credentials.Session, n need) error {
	if err := d.store.Authorize(session, n.action, n.resource, n.context()); err != nil {
		return err
	}
	key := n.table.SSESpecification.KMSMasterKeyID
	if key == "" || n.withoutItems {
		return nil
	}
	return d.useKey(session, "kms:Decrypt", key, "dynamodb", map[string]string{
		"aws:dynamodb:tableName": n.table.Name, "aws:dynamodb:subscriberId": d.stage.Account,
	})
}

// forward encodes the authorized request again and sends it to the engine. The engine might read the original text
// differently, for example use the other of two members of the same name.
func (d *dynamoDB) forward(r *http.Request, c *call) (json.RawMessage, error) {
	body, err := json.Marshal(c.body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, d.engine, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{
		"Content-Type": "application/x-amz-json-1.0",
		"X-Amz-Target": DynamoDBTarget + "." + c.operation,
		"X-Amz-Date":   "20120810T000000Z",
		// The engine requires a signature but does not verify it.
		"Authorization": "AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none",
	} {
		request.Header.Set(name, value)
	}
	response, err := d.client.Do(request)
	if err != nil {
		return nil, errors.New("the engine of the tables does not answer; it may have ended")
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, errors.New("the engine of the tables ended in the middle of an answer")
	}
	if response.StatusCode != http.StatusOK {
		return nil, engineError(answer)
	}
	return answer, nil
}
