package federation

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"

	"golang.org/x/oauth2"
)

// addUserInfo asks for the attributes of user info. They overrule the claims of the ID token.
func (o *openID) addUserInfo(
	ctx context.Context, address string, tokens *oauth2.Token, claims map[string]string,
) error {
	method := cmp.Or(o.provider.ProviderDetails["attributes_request_method"], http.MethodGet)
	body, err := o.ask(ctx, method, address, tokens.AccessToken)
	if err != nil {
		return fmt.Errorf("user info: %w", err)
	}
	info, err := texts(body)
	if err != nil {
		return fmt.Errorf("user info: %w", err)
	}
	if info["sub"] != claims["sub"] {
		return fmt.Errorf("user info is about %q, and the ID token about %q", info["sub"], claims["sub"])
	}
	maps.Copy(claims, info)
	return nil
}

// ask calls an endpoint with an access token.
func (c *Client) ask(ctx context.Context, method, address, token string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = unexpected("user", response, body, token)
	}
	return body, err
}

// texts returns the members of a JSON object as the user pool stores them: a value that is no string as its JSON.
func texts(object []byte) (map[string]string, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		return nil, err
	}
	values := map[string]string{}
	for name, raw := range members {
		var text string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &text) == nil:
			values[name] = text
		default:
			values[name] = string(raw)
		}
	}
	return values, nil
}
