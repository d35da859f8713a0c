package userpool

import "context"

// attribute is how the API writes attributes.
type attribute struct{ Name, Value string }

func attributeMap(list []attribute) (map[string]string, error) {
	attributes := map[string]string{}
	for _, a := range list {
		if _, twice := attributes[a.Name]; twice || a.Name == "" {
			return nil, invalidParameter("Attribute %q is named twice, or has no name.", a.Name)
		}
		attributes[a.Name] = a.Value
	}
	return attributes, nil
}

func (p *Pool) serveSignUp(_ context.Context, in struct {
	ClientID       string `json:"ClientId"`
	Username       string
	Password       string
	UserAttributes []attribute
},
) (any, error) {
	attributes, err := attributeMap(in.UserAttributes)
	if err != nil {
		return nil, err
	}
	made, err := p.SignUp(SignUpRequest{in.ClientID, in.Username, in.Password, attributes})
	if err != nil {
		return nil, err
	}
	return struct {
		UserSub             string
		UserConfirmed       bool
		CodeDeliveryDetails Delivery
	}{made.Sub, made.Confirmed, made.Delivery}, nil
}

func (p *Pool) serveConfirmSignUp(_ context.Context, in struct {
	ClientID         string `json:"ClientId"`
	Username         string
	ConfirmationCode string
},
) (any, error) {
	return nothing{}, p.ConfirmSignUp(in.ClientID, in.Username, in.ConfirmationCode)
}

// delivered is the answer of operations that send a code.
type delivered struct{ CodeDeliveryDetails Delivery }

type namedUser struct {
	ClientID string `json:"ClientId"`
	Username string
}

func (p *Pool) serveResendConfirmationCode(_ context.Context, in namedUser) (any, error) {
	sent, err := p.ResendConfirmationCode(in.ClientID, in.Username)
	return delivered{sent}, err
}

func (p *Pool) serveForgotPassword(_ context.Context, in namedUser) (any, error) {
	sent, err := p.ForgotPassword(in.ClientID, in.Username)
	return delivered{sent}, err
}

func (p *Pool) serveConfirmForgotPassword(_ context.Context, in struct {
	ClientID         string `json:"ClientId"`
	Username         string
	ConfirmationCode string
	Password         string
},
) (any, error) {
	return nothing{}, p.ConfirmForgotPassword(in.ClientID, in.Username, in.ConfirmationCode, in.Password)
}
