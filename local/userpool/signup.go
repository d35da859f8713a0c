package userpool

import (
	"maps"

	"github.com/securecart/identity/local/stage"
)

// SignUpRequest asks for a new user.
type SignUpRequest struct {
	ClientID string
	// Username is an e-mail address.
	Username, Password string
	// Attributes are those that the client may write. Email may be left out, because it is the Username.
	Attributes map[string]string
}

// SignUpResult is a new user.
type SignUpResult struct {
	Sub string
	// Confirmed says that there is no code to enter. It is false: only triggers that are not served confirm users.
	Confirmed bool
	// Delivery says where the code went.
	Delivery Delivery
}

// SignUp adds a user. That somebody has the address already is told, as on AWS, whatever PreventUserExistenceErrors says.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
func (p *Pool) SignUp(request SignUpRequest) (SignUpResult, error) {
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
	sub := newUUID()
	key := newVerifier(p.name, sub, request.Password)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.find(request.Username) != nil {
		return SignUpResult{}, &Error{"UsernameExistsException", "An account with the given email already exists."}
	}
	attributes["email_verified"] = "false"
	u := p.newUser(sub, sub, unconfirmed, attributes)
	u.passwords = []verifier{key}
	return SignUpResult{Sub: sub, Delivery: p.send(u, forSignUp, "email", attributes["email"], signUpCodeLife)}, nil
}

// newAttributes are those of a new user whose name is an e-mail address.
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

// ConfirmSignUp takes the code that was sent, which also proves the address.
func (p *Pool) ConfirmSignUp(clientID, username, code string) error {
	client, err := p.client(clientID)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(username)
	switch {
	case u == nil && !hides(client):
		return errNoUser
	case u != nil && u.status != unconfirmed:
		return notAuthorized("User cannot be confirmed. Current status is " + u.status)
	}
	if err := p.redeem(u, p.who(username), forSignUp, code); err != nil {
		return err
	}
	u.status = confirmed
	u.attributes["email_verified"] = "true"
	u.modified = p.now()
	return nil
}

// ResendConfirmationCode sends another code, and the former one is void.
func (p *Pool) ResendConfirmationCode(clientID, username string) (Delivery, error) {
	client, err := p.client(clientID)
	if err != nil {
		return Delivery{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(username)
	switch {
	case u == nil && !hides(client):
		return Delivery{}, errNoUser
	case u != nil && u.enabled && u.status != unconfirmed:
		return Delivery{}, invalidParameter("User is already confirmed.")
	}
	if err := p.mayRequestCode(forSignUp, p.who(username)); err != nil {
		return Delivery{}, err
	}
	if u == nil || !u.enabled {
		return p.withheld(client, u, username)
	}
	return p.send(u, forSignUp, "email", u.attributes["email"], signUpCodeLife), nil
}

// withheld is the answer for a code that is not sent. A client whose callers may not learn who exists gets what it would get
// if it was.
func (p *Pool) withheld(client stage.UserPoolClient, u *user, username string) (Delivery, error) {
	switch {
	case u != nil && hides(client):
		return delivery("email", u.attributes["email"]), nil
	case hides(client):
		return p.decoy.delivery(p.fold(username)), nil
	case u == nil:
		return Delivery{}, errNoUser
	case !u.enabled:
		return Delivery{}, errDisabled
	default:
		return Delivery{}, invalidParameter("Cannot reset password for the user as there is no registered/verified email or phone_number")
	}
}
