// Package identitypool serves a stage's Amazon Cognito identity pool: it gives AWS credentials to guests and, for an ID
// token of the user pool, to customers. Package credentials issues them, if the trust policy of the pool's role allows
// it.
//
// It serves only the enhanced flow, and stores nothing: an identity id itself shows its kind. A guest who signs in gets
// the customer's identity, whereas on AWS a new customer keeps the guest's. Identities cannot be listed or deleted.
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
package identitypool

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/services/awsjson"
)

// Tokens verifies ID tokens of the user pool.
type Tokens interface {
	// VerifyIDToken returns the claims of a valid ID token that was issued to the client; with serverSide it also checks
	// that the user exists and the session has not been revoked.
	VerifyIDToken(token, clientID string, serverSide bool) (claims map[string]any, err error)
}

// Pool is an identity pool. It is safe for concurrent use.
type Pool struct {
	stage  *deployed.Stage
	store  *credentials.Store
	tokens Tokens
	// tags are the claims that become principal tags, by provider and tag.
	tags map[string]map[string]string
}

// New returns the stage's identity pool. The error names each unsupported property.
func New(s *deployed.Stage, store *credentials.Store, tokens Tokens) (*Pool, error) {
	p := &Pool{stage: s, store: store, tokens: tokens, tags: map[string]map[string]string{}}
	var errs []error
	if s.IdentityPool.AllowClassicFlow {
		errs = append(errs, errors.New("AllowClassicFlow: the basic flow is not served"))
	}
	if s.IdentityPool.AllowUnauthenticatedIdentities && s.PoolRoles.Roles.Unauthenticated == "" {
		errs = append(errs, errors.New("AllowUnauthenticatedIdentities: there is no role for them"))
	}
	for _, mapping := range s.PrincipalTags {
		if mapping.UseDefaults {
			errs = append(errs, fmt.Errorf("UseDefaults of %s: list PrincipalTags instead", mapping.IdentityProviderName))
		}
		p.tags[mapping.IdentityProviderName] = mapping.PrincipalTags
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("identity pool %s: %w", s.IdentityPool.ID, err)
	}
	return p, nil
}

// Target is the prefix of the operation in X-Amz-Target.
const Target = "AWSCognitoIdentityService"

// Handler serves the API: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/Welcome.html. Its operations
// for developers require credentials and are not served even to authorized callers.
func (p *Pool) Handler() http.Handler {
	return awsjson.Protocol{Target: Target, Version: "1.1", Limit: 64 << 10, Browsers: true}.Handler(p.answer)
}

var operations = map[string]func(*Pool, []byte) (any, error){
	"GetId":                     (*Pool).getID,
	"GetCredentialsForIdentity": (*Pool).getCredentials,
}

// Operations returns the names of the served operations, sorted.
func Operations() []string { return slices.Sorted(maps.Keys(operations)) }

func (p *Pool) answer(r *http.Request, operation string, body []byte) (any, error) {
	if serve, served := operations[operation]; served {
		return serve(p, body)
	}
	if operation == "GetOpenIdToken" {
		return nil, awsjson.Refuse("InvalidParameterException",
			"Basic (classic) flow is not enabled, please use enhanced flow.")
	}
	session, err := p.store.Verify(r, body, "cognito-identity")
	if err != nil {
		return nil, err
	}
	arn := "arn:aws:cognito-identity:" + p.stage.Region + ":" + p.stage.Account + ":identitypool/" +
		p.stage.IdentityPool.ID
	if err := p.store.Authorize(session, "cognito-identity:"+operation, arn, nil); err != nil {
		return nil, err
	}
	return nil, awsjson.Unknown(operation)
}

type getIDInput struct {
	// AccountID is ignored: the pool's id is unique in its Region.
	AccountID      string
	IdentityPoolID string
	Logins         map[string]string
}

func (p *Pool) getID(body []byte) (any, error) {
	var input getIDInput
	if err := awsjson.Decode(body, &input); err != nil {
		return nil, err
	}
	if input.IdentityPoolID != p.stage.IdentityPool.ID {
		return nil, awsjson.Refuse("ResourceNotFoundException", "IdentityPool '%s' not found.", input.IdentityPoolID)
	}
	who, err := p.logIn(input.Logins)
	if err != nil {
		return nil, err
	}
	id := p.guestID()
	if who != nil {
		id = p.customerID(who)
	}
	return map[string]string{"IdentityId": id}, nil
}

type getCredentialsInput struct {
	CustomRoleARN string
	IdentityID    string
	Logins        map[string]string
}

func (p *Pool) getCredentials(body []byte) (any, error) {
	var input getCredentialsInput
	if err := awsjson.Decode(body, &input); err != nil {
		return nil, err
	}
	kind := p.kindOf(input.IdentityID)
	switch {
	case input.CustomRoleARN != "":
		return nil, awsjson.Refuse("InvalidParameterException",
			"CustomRoleArn: no provider of this identity pool names roles.")
	case kind == nobody:
		return nil, awsjson.Refuse("ResourceNotFoundException", "Identity '%s' not found.", input.IdentityID)
	}
	who, err := p.logIn(input.Logins)
	if err != nil {
		return nil, err
	}
	id := input.IdentityID
	if who != nil && kind == guest {
		// The guest's identity is merged into the customer's. Amplify asks like this after each sign-in.
		// https://docs.aws.amazon.com/cognito/latest/developerguide/switching-identities.html
		id, kind = p.customerID(who), customer
	}
	// A customer's id needs the customer's own login.
	if who == nil && kind != guest || who != nil && id != p.customerID(who) {
		return nil, awsjson.Refuse("NotAuthorizedException", "Access to Identity '%s' is forbidden.", id)
	}
	session, err := p.assume(id, who)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"IdentityId": id,
		"Credentials": map[string]any{
			"AccessKeyId": session.AccessKeyID, "SecretKey": session.SecretAccessKey, "SessionToken": session.SessionToken,
			"Expiration": session.Expiration.Unix(),
		},
	}, nil
}

func (p *Pool) assume(id string, who *login) (credentials.Session, error) {
	role := p.stage.PoolRoles.Roles.Unauthenticated
	identity := credentials.Identity{PoolID: p.stage.IdentityPool.ID, ID: id, AuthType: credentials.Unauthenticated}
	var tags map[string]string
	if who != nil {
		role = p.stage.PoolRoles.Roles.Authenticated
		identity.AuthType = credentials.Authenticated
		// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-integrating-user-pools-with-identity-pools.html
		identity.Provider = who.provider + "," + who.provider + ":CognitoSignIn:" + who.subject
		var err error
		if tags, err = p.principalTags(who); err != nil {
			return credentials.Session{}, err
		}
	}
	session, err := p.store.AssumeWithWebIdentity(role, identity, tags)
	var refused *credentials.Error
	switch {
	case errors.As(err, &refused):
		return credentials.Session{}, awsjson.Refuse("InvalidIdentityPoolConfigurationException",
			"Invalid identity pool configuration. Check assigned IAM roles for this pool. %s", refused.Message)
	case errors.Is(err, credentials.ErrTooManySessions):
		return credentials.Session{}, awsjson.Refuse("TooManyRequestsException", "%v", err)
	}
	return session, err
}
