package userpool

import (
	"context"
	"slices"
)

// providerUser names a user of a provider. The provider of the pool's own users is Cognito.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ProviderUserIdentifierType.html
type providerUser struct{ ProviderName, ProviderAttributeName, ProviderAttributeValue string }

const (
	ownProvider      = "Cognito"
	subjectAttribute = "Cognito_Subject"
)

// identity returns the identity that a request names by its subject. AWS also takes other attributes for users of OIDC
// and SAML providers, which are not served.
func (p *Pool) identity(what string, named providerUser) (identity, error) {
	_, known := p.stage.Providers[named.ProviderName]
	switch {
	case named.ProviderName == ownProvider:
		return identity{}, invalidParameter(
			"Invalid %s: Cognito users with a username/password may not be passed in as a SourceUser, "+
				"only as a DestinationUser",
			what,
		)
	case !known:
		return identity{}, invalidParameter("Invalid %s: the user pool has no provider %s.", what, named.ProviderName)
	case named.ProviderAttributeName != subjectAttribute || named.ProviderAttributeValue == "":
		return identity{}, invalidParameter("Invalid %s: ProviderAttributeName must be %s, with the subject as value.", what,
			subjectAttribute)
	}
	return identity{named.ProviderName, named.ProviderAttributeValue}, nil
}

// serveAdminLinkProviderForUser lets an identity without a user of its own sign in as a user who has signed up here.
// AWS also links to federated users.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
func (p *Pool) serveAdminLinkProviderForUser(_ context.Context, in struct {
	DestinationUser, SourceUser providerUser
},
) (any, error) {
	source, err := p.identity("SourceUser", in.SourceUser)
	if err != nil {
		return nil, err
	}
	if in.DestinationUser.ProviderName != ownProvider {
		return nil, invalidParameter("Invalid DestinationUser: only users of the provider %s are served.", ownProvider)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.named(in.DestinationUser.ProviderAttributeValue)
	if u == nil {
		return nil, errNoUser
	}
	linked := p.links[source]
	switch {
	case u.status == externalProvider:
		return nil, invalidParameter("Invalid DestinationUser: %s is a user of a provider.", u.username)
	case p.users[p.usernameOf(source)] != nil:
		return nil, invalidParameter(
			"Merging is not currently supported, provide a SourceUser that has not been signed up in order to link")
	case linked == u:
		return nil, invalidParameter("SourceUser is already linked to DestinationUser")
	case linked != nil:
		return nil, &Error{"AliasExistsException", "SourceUser is already linked to another user."}
	case len(u.links) >= maxLinks:
		return nil, refuse("LimitExceededException", "A user has at most %d linked identities.", maxLinks)
	}
	p.setLinks(u, append(slices.Clone(u.links), link{source, p.now()}))
	return nothing{}, nil
}

// serveAdminDisableProviderForUser removes a link. The identity then gets a user of its own when it signs in. For the
// provider Cognito it switches the user's password off for good.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
func (p *Pool) serveAdminDisableProviderForUser(_ context.Context, in struct {
	User providerUser
},
) (any, error) {
	if in.User.ProviderName == ownProvider {
		return nothing{}, p.switchPasswordOff(in.User)
	}
	who, err := p.identity("User", in.User)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.links[who]
	switch {
	case u == nil && p.users[p.usernameOf(who)] != nil:
		return nil, invalidParameter("User %s is linked to nobody. To keep it from signing in, disable it.",
			p.usernameOf(who))
	case u == nil:
		return nil, errNoUser
	}
	p.setLinks(u, slices.DeleteFunc(slices.Clone(u.links), func(l link) bool { return l.identity == who }))
	return nothing{}, nil
}

func (p *Pool) switchPasswordOff(named providerUser) error {
	if named.ProviderAttributeName != subjectAttribute {
		return invalidParameter("Invalid User: ProviderAttributeName must be %s.", subjectAttribute)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.named(named.ProviderAttributeValue)
	if u == nil {
		return errNoUser
	}
	u.passwordOff, u.passwords = true, nil
	u.forgetCodes(forPassword)
	u.changed(p.now())
	return nil
}
