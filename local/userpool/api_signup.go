package userpool

import "context"

// attribute is an attribute as the API writes it.
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

// forTriggers are the members of requests that the pool passes on to triggers unchanged, and does not store.
type forTriggers struct {
	ValidationData []attribute
	ClientMetadata map[string]string
}

// validation returns the validation data, or nil if there is none, as in the events of AWS.
func (t forTriggers) validation() (map[string]string, error) {
	if len(t.ValidationData) == 0 {
		return nil, nil
	}
	return attributeMap(t.ValidationData)
}

func (p *Pool) serveSignUp(ctx context.Context, in struct {
	ClientID       string `json:"ClientId"`
	Username       string
	Password       string
	UserAttributes []attribute
	forTriggers
},
) (any, error) {
	attributes, err := attributeMap(in.UserAttributes)
	if err != nil {
		return nil, err
	}
	validation, err := in.validation()
	if err != nil {
		return nil, err
	}
	made, err := p.SignUp(ctx,
		SignUpRequest{in.ClientID, in.Username, in.Password, attributes, validation, in.ClientMetadata})
	if err != nil {
		return nil, err
	}
	return struct {
		UserSub             string
		UserConfirmed       bool // False: every user has a code to enter.
		CodeDeliveryDetails Delivery
	}{UserSub: made.Sub, CodeDeliveryDetails: made.Delivery}, nil
}

func (p *Pool) serveConfirmSignUp(ctx context.Context, in Confirmation) (any, error) {
	return nothing{}, p.ConfirmSignUp(ctx, in)
}

// delivered is the answer of operations that send a code. Their ClientMetadata is for triggers that write messages,
// which are not served.
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

func (p *Pool) serveConfirmForgotPassword(ctx context.Context, in struct {
	Confirmation
	Password string
},
) (any, error) {
	return nothing{}, p.ConfirmForgotPassword(ctx, in.Confirmation, in.Password)
}
