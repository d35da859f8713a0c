package userpool

import (
	"context"
	"maps"
	"slices"
)

// SignUpRequest asks for a new user.
type SignUpRequest struct {
	ClientID string
	// Username is an e-mail address.
	Username, Password string
	// Attributes are those that the client may write. Email may be left out, because it is the Username.
	Attributes map[string]string
	// ValidationData and ClientMetadata are for the pre sign-up trigger. Managed login has none.
	ValidationData, ClientMetadata map[string]string
}

// SignUpResult is a new user.
type SignUpResult struct {
	Sub string
	// Delivery says where the code went.
	Delivery Delivery
}

// SignUp adds a user, unless the pre sign-up trigger refuses. As on AWS, it reports a taken address even if the client
// prevents user existence errors.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
func (p *Pool) SignUp(ctx context.Context, request SignUpRequest) (SignUpResult, error) {
	client, err := p.client(request.ClientID)
	if err != nil {
		return SignUpResult{}, err
	}
	if p.pool.AdminCreateUserConfig.AllowAdminCreateUserOnly {
		return SignUpResult{}, notAuthorized("SignUp is not permitted for this user pool")
	}
	if err := writable(client, request.Attributes); err != nil {
		return SignUpResult{}, err
	}
	attributes, err := p.newAttributes(request.Username, request.Attributes)
	if err != nil {
		return SignUpResult{}, err
	}
	if err := conforms(request.Password, p.pool.Policies.PasswordPolicy); err != nil {
		return SignUpResult{}, err
	}
	taken := &Error{"UsernameExistsException", "An account with the given email already exists."}
	if p.exists(request.Username) {
		return SignUpResult{}, taken
	}
	sub := newUUID()
	if err := p.preSignUp(ctx, newcomer{
		sourceSignUp, client.ID, sub, request.Attributes, request.ValidationData, request.ClientMetadata,
	}); err != nil {
		return SignUpResult{}, err
	}
	key := newVerifier(p.name, sub, request.Password)
	p.mu.Lock()
	defer p.mu.Unlock()
	// Another request may have added the user during the trigger.
	if p.find(request.Username) != nil {
		return SignUpResult{}, taken
	}
	u := p.newUser(sub, sub, unconfirmed, attributes)
	p.unverified(u)
	u.passwords = []verifier{key}
	return SignUpResult{Sub: sub, Delivery: p.sendSignUpCode(u)}, nil
}

func (p *Pool) exists(username string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.find(username) != nil
}

// unverified marks the addresses of a new user as unverified, unless they were given as verified.
func (p *Pool) unverified(u *user) {
	for attribute, flag := range verifiedFlag {
		if u.attributes[attribute] != "" && u.attributes[flag] == "" {
			u.attributes[flag] = "false"
		}
	}
}

// signUpAttribute returns the attribute that the code of a sign-up goes to. A phone number comes first where the pool
// verifies both.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
func (p *Pool) signUpAttribute(u *user) string {
	if u.attributes["phone_number"] != "" && slices.Contains(p.pool.AutoVerifiedAttributes, "phone_number") {
		return "phone_number"
	}
	return "email"
}

func (p *Pool) sendSignUpCode(u *user) Delivery {
	attribute := p.signUpAttribute(u)
	return p.send(u, forSignUp, attribute, u.attributes[attribute], signUpCodeLife)
}

// newAttributes returns the attributes of a new user whose name is an e-mail address.
func (p *Pool) newAttributes(username string, given map[string]string) (map[string]string, error) {
	if !emailFormat.MatchString(username) {
		return nil, invalidParameter("Username should be an email.")
	}
	attributes := maps.Clone(given)
	if attributes == nil {
		attributes = map[string]string{}
	}
	if email := attributes["email"]; email != "" && p.fold(email) != p.fold(username) {
		return nil, invalidParameter("The attribute email must be the Username.")
	}
	attributes["email"] = username
	maps.DeleteFunc(attributes, func(_, value string) bool { return value == "" })
	if err := p.valid(attributes, true); err != nil {
		return nil, err
	}
	return attributes, p.complete(attributes)
}

// Confirmation is the code that a user has entered to confirm a sign-up or to set a new password.
type Confirmation struct {
	ClientID string `json:"ClientId"`
	Username string
	Code     string `json:"ConfirmationCode"`
	// ClientMetadata is for the post confirmation trigger. Managed login has none.
	ClientMetadata map[string]string
}

// ConfirmSignUp takes the code, which also proves the address, and calls the post confirmation trigger. The user stays
// confirmed if the trigger fails.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
func (p *Pool) ConfirmSignUp(ctx context.Context, given Confirmation) error {
	of, err := p.confirmSignUp(given)
	if err != nil {
		return err
	}
	return p.postConfirmation(ctx, sourceConfirmSignUp, given.ClientID, of, given.ClientMetadata)
}

func (p *Pool) confirmSignUp(given Confirmation) (subject, error) {
	if _, err := p.client(given.ClientID); err != nil {
		return subject{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(given.Username)
	if u != nil && u.status != unconfirmed {
		return subject{}, notAuthorized("User cannot be confirmed. Current status is " + u.status)
	}
	if err := p.redeem(u, p.who(given.Username), forSignUp, given.Code); err != nil {
		return subject{}, err
	}
	u.status = confirmed
	u.attributes[verifiedFlag[p.signUpAttribute(u)]] = "true"
	u.modified = p.now()
	return u.snapshot(), nil
}

// ResendConfirmationCode sends another code. The former code is void.
func (p *Pool) ResendConfirmationCode(clientID, username string) (Delivery, error) {
	if _, err := p.client(clientID); err != nil {
		return Delivery{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(username)
	if u != nil && u.enabled && u.status != unconfirmed {
		return Delivery{}, invalidParameter("User is already confirmed.")
	}
	if err := p.mayRequestCode(forSignUp, p.who(username)); err != nil {
		return Delivery{}, err
	}
	if u == nil || !u.enabled {
		return p.withheld(u, username), nil
	}
	return p.sendSignUpCode(u), nil
}

// withheld returns the answer for a code that is not sent, which is that for a sent one: callers may not learn which
// users exist.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
func (p *Pool) withheld(u *user, username string) Delivery {
	if u != nil {
		return delivery("email", u.attributes["email"])
	}
	return p.decoy.delivery(p.fold(username))
}
