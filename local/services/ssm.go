package services

import (
	"net/http"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/services/awsjson"
)

// SSMTarget is the prefix of the operation in X-Amz-Target.
const SSMTarget = "AmazonSSM"

// getParameter is the one operation that is served.
const getParameter = "GetParameter"

// parameters has the stage's parameters, all of them strings.
type parameters struct {
	guard
	since time.Time
}

// NewSSM serves GetParameter with the stage's parameters, which have one version.
func NewSSM(s *deployed.Stage, store *credentials.Store) http.Handler {
	p := &parameters{guard: guard{s, store}, since: time.Now()}
	return awsjson.Protocol{Target: SSMTarget, Version: "1.1", Limit: 64 << 10}.Handler(p.answer)
}

func (p *parameters) answer(r *http.Request, operation string, body []byte) (any, error) {
	session, err := p.store.Verify(r, body, "ssm")
	if err != nil {
		return nil, err
	}
	prefix := "arn:aws:ssm:" + p.stage.Region + ":" + p.stage.Account + ":parameter"
	if operation != getParameter {
		if err := p.store.Authorize(session, "ssm:"+operation, prefix+"/*", nil); err != nil {
			return nil, err
		}
		return nil, awsjson.Unknown(operation)
	}
	var input struct {
		Name string
		// WithDecryption changes nothing for strings.
		WithDecryption bool
	}
	if err := awsjson.Decode(body, &input); err != nil {
		return nil, err
	}
	// "/a/b" and "b" are the parameters …:parameter/a/b and …:parameter/b.
	arn := prefix + "/" + strings.TrimPrefix(input.Name, "/")
	if strings.HasPrefix(input.Name, "arn:") {
		arn = input.Name
	}
	if err := p.store.Authorize(session, "ssm:"+getParameter, arn, nil); err != nil {
		return nil, err
	}
	for name, value := range p.stage.Parameters {
		if prefix+"/"+strings.TrimPrefix(name, "/") == arn {
			return map[string]any{"Parameter": map[string]any{
				"ARN": arn, "DataType": "text", "LastModifiedDate": p.since.Unix(), "Name": name, "Type": "String", "Value": value,
				"Version": 1,
			}}, nil
		}
	}
	return nil, awsjson.Refuse("ParameterNotFound", "Parameter %s not found.", input.Name)
}
