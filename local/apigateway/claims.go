package apigateway

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

// claimDate is how API Gateway writes exp and iat: "Wed Jul 15 12:45:00 UTC 2026".
const claimDate = "Mon Jan 02 15:04:05 UTC 2006"

// claimTexts returns the claims of a token in the form for functions, each as a string: lists joined by commas, exp and
// iat as dates, everything else unchanged. AWS documents no format; AWS's own libraries for functions parse this one
// (aws/serverless-java-container, CognitoAuthorizerClaims), and users of API Gateway report it.
func claimTexts(payload []byte) (map[string]string, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(payload, &raw); err != nil {
		return nil, err
	}
	texts := make(map[string]string, len(raw))
	for name, value := range raw {
		if string(value) == "null" {
			continue
		}
		write := claimText
		if name == "exp" || name == "iat" {
			write = claimTime
		}
		text, err := write(value)
		if err != nil {
			return nil, err
		}
		texts[name] = text
	}
	return texts, nil
}

func claimTime(value json.RawMessage) (string, error) {
	var date jwt.NumericDate
	if err := json.Unmarshal(value, &date); err != nil {
		return "", err
	}
	return time.Unix(int64(date), 0).UTC().Format(claimDate), nil
}

func claimText(value json.RawMessage) (string, error) {
	switch value[0] {
	case '"':
		var text string
		err := json.Unmarshal(value, &text)
		return text, err
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(value, &list); err != nil {
			return "", err
		}
		texts := make([]string, len(list))
		for i, element := range list {
			text, err := claimText(element)
			if err != nil {
				return "", err
			}
			texts[i] = text
		}
		return strings.Join(texts, ","), nil
	default:
		var compact bytes.Buffer
		err := json.Compact(&compact, value)
		return compact.String(), err
	}
}
