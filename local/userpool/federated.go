package userpool

import (
	"maps"
	"slices"

	"github.com/securecart/identity/local/stage"
)

// SignInFederated adds or updates who came back from an identity provider, which names the attributes. Its user is called
// "<provider>_<subject>", is in the group of the provider, and has the attributes that the stage maps, anew at each sign-in.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
func (p *Pool) SignInFederated(clientID, provider, subject string, attributes map[string]string) (username string, err error) {
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
	username = provider + "_" + subject
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.users[username]
	if u == nil {
		return username, p.addFederated(username, subject, known, mapped)
	}
	if !u.enabled {
		return "", errDisabled
	}
	return username, p.refreshFederated(u, client, mapped)
}

func (p *Pool) addFederated(username, subject string, provider stage.IdentityProvider, mapped map[string]string) error {
	if err := p.valid(mapped, true); err != nil {
		return err
	}
	if err := p.complete(mapped); err != nil {
		return err
	}
	if mapped["email"] != "" && mapped["email_verified"] == "" {
		mapped["email_verified"] = "false"
	}
	mapped["identities"] = jsonText([]map[string]any{{
		"userId": subject, "providerName": provider.ProviderName, "providerType": provider.ProviderType, "issuer": nil,
		"primary": "true", "dateCreated": p.now().UnixMilli(),
	}})
	u := p.newUser(username, newUUID(), externalProvider, mapped)
	u.groups = []string{p.pool.ID + "_" + provider.ProviderName}
	return nil
}

// refreshFederated takes over what changed at the provider. As on AWS, that fails if the client may not write it.
func (p *Pool) refreshFederated(u *user, client stage.UserPoolClient, mapped map[string]string) error {
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
