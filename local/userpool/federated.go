package userpool

import (
	"context"
	"maps"
	"slices"

	"github.com/securecart/identity/internal/deployed"
)

// SignInFederated returns the user name of a customer who comes back from an identity provider with attributes. A
// linked identity signs in as the user that it is linked to. Any other identity has a user of its own,
// "<provider>_<subject>", folded as all names are, in the group of the provider. The first sign-in makes this user,
// unless the pre sign-up trigger refuses. Each sign-in writes the attributes that the stage maps.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html
func (p *Pool) SignInFederated(
	ctx context.Context, clientID, provider, subject string, attributes map[string]string,
) (username string, err error) {
	client, err := p.client(clientID)
	if err != nil {
		return "", err
	}
	known, ok := p.stage.Providers[provider]
	if !ok || !slices.Contains(client.SupportedIdentityProviders, provider) || subject == "" {
		return "", invalidParameter("The client has no provider %s, or it named nobody.", provider)
	}
	mapped := map[string]string{}
	for attribute, theirs := range known.AttributeMapping {
		if value := attributes[theirs]; value != "" && attribute != "username" {
			mapped[attribute] = value
		}
	}
	who := identity{provider, subject}
	p.mu.Lock()
	username, err = p.signInAgain(client, who, mapped)
	p.mu.Unlock()
	if username != "" || err != nil {
		return username, err
	}
	if err := p.valid(mapped, true); err != nil {
		return "", err
	}
	if err := p.complete(mapped); err != nil {
		return "", err
	}
	fresh := newcomer{source: sourceExternalProvider, clientID: client.ID, username: p.usernameOf(who), attributes: mapped}
	if err := p.preSignUp(ctx, fresh); err != nil {
		return "", err
	}
	return p.addFederated(ctx, client, who, mapped)
}

// signInAgain updates a user who has signed in before, or was linked, and returns the user name. The name is empty for
// an unknown identity. The mutex is held.
func (p *Pool) signInAgain(
	client deployed.UserPoolClient, who identity, mapped map[string]string,
) (username string, err error) {
	u, err := p.signsInAs(who)
	switch {
	case err != nil || u == nil:
		return "", err
	case !u.enabled:
		return "", errDisabled
	case u.status == unconfirmed:
		return "", errNotConfirmed
	}
	if err := p.refreshFederated(u, client, mapped); err != nil {
		return "", err
	}
	return u.username, nil
}

// addFederated makes the user, unless the trigger has linked the identity meanwhile, or another sign-in was faster. The
// post confirmation trigger is told of a new user.
func (p *Pool) addFederated(
	ctx context.Context, client deployed.UserPoolClient, who identity, mapped map[string]string,
) (string, error) {
	p.mu.Lock()
	username, err := p.signInAgain(client, who, mapped)
	if username != "" || err != nil {
		p.mu.Unlock()
		return username, err
	}
	mapped = maps.Clone(mapped)
	mapped["identities"] = jsonText([]identityRecord{p.record(who, true, p.now())})
	u := p.newUser(p.usernameOf(who), newUUID(), externalProvider, mapped)
	u.own = who
	p.unverified(u)
	u.groups = []string{p.pool.ID + "_" + who.provider}
	of := u.snapshot()
	p.mu.Unlock()
	return of.username, p.postConfirmation(ctx, sourceConfirmSignUp, client.ID, of, nil)
}

// refreshFederated takes over the attributes that changed at the provider, even those that the user wrote here. As on
// AWS, that fails if the client may not write them.
func (p *Pool) refreshFederated(u *user, client deployed.UserPoolClient, mapped map[string]string) error {
	changed := maps.Clone(mapped)
	maps.DeleteFunc(changed, func(name, value string) bool { return u.attributes[name] == value })
	for attribute, flag := range verifiedFlag {
		if changed[attribute] != "" && mapped[flag] != "" {
			changed[flag] = mapped[flag]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		if !isFlag(name) && writable(client, map[string]string{name: ""}) != nil {
			return invalidParameter("%s: Attribute cannot be updated.", name)
		}
	}
	if err := p.valid(changed, false); err != nil {
		return err
	}
	return p.store(u, changed)
}
