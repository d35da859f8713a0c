package deployed

import "errors"

func readUserPool(l *loader, r resource) error {
	if err := l.first(r); err != nil {
		return err
	}
	err := r.stated("MfaConfiguration", "Policies", "UsernameConfiguration", "UserPoolTier", "AccountRecoverySetting",
		"AdminCreateUserConfig")
	if err != nil {
		return err
	}
	pool, err := decode[UserPool](l, r)
	if err != nil {
		return err
	}
	refs := l.name(r, &pool.ID, &pool.ARN)
	pool.Name = named{stack: r.stack, id: r.id}.physicalName()
	pool.ProviderName, err = l.attribute(r.stack, r.id, "ProviderName")
	l.stage.UserPool = pool
	return errors.Join(refs, err)
}

func readClient(l *loader, r resource) error {
	err := r.stated("ExplicitAuthFlows", "PreventUserExistenceErrors", "EnableTokenRevocation", "ReadAttributes",
		"WriteAttributes", "AccessTokenValidity", "IdTokenValidity", "RefreshTokenValidity", "TokenValidityUnits",
		"SupportedIdentityProviders")
	if err != nil {
		return err
	}
	client, err := decode[UserPoolClient](l, r)
	if err != nil {
		return err
	}
	client.ID, err = l.ref(r)
	l.stage.Clients[client.ID] = client
	return err
}

func readProvider(l *loader, r resource) error {
	provider, err := decode[IdentityProvider](l, r)
	if err != nil {
		return err
	}
	return add(l.stage.Providers, provider.ProviderName, provider)
}

func readIdentityPool(l *loader, r resource) error {
	if err := l.first(r); err != nil {
		return err
	}
	if err := r.stated("AllowUnauthenticatedIdentities", "CognitoIdentityProviders"); err != nil {
		return err
	}
	pool, err := decode[IdentityPool](l, r)
	if err != nil {
		return err
	}
	pool.ID, err = l.ref(r)
	l.stage.IdentityPool = pool
	return err
}
