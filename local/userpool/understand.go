package userpool

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/securecart/identity/internal/deployed"
)

// questions collects the properties of a stage that the pool does not support.
type questions struct{ errs []error }

// among requires every value to be one of the supported values.
func (q *questions) among(what string, values []string, understood ...string) {
	for _, value := range values {
		if !slices.Contains(understood, value) {
			q.errs = append(q.errs, fmt.Errorf("%s: %q is not understood; it must be one of %q", what, value, understood))
		}
	}
}

func (q *questions) that(ok bool, format string, values ...any) {
	if !ok {
		q.errs = append(q.errs, fmt.Errorf(format, values...))
	}
}

// understand refuses a stage with unsupported properties: an ignored property could be the one that protects the stage.
func understand(s *deployed.Stage) error {
	var q questions
	q.aboutPool(s.UserPool)
	for _, id := range slices.Sorted(maps.Keys(s.Clients)) {
		q.aboutClient(s, s.Clients[id])
	}
	for _, name := range slices.Sorted(maps.Keys(s.Providers)) {
		for attribute := range s.Providers[name].AttributeMapping {
			known := attribute == "username" || isAttribute(s.UserPool, attribute)
			q.that(known, "provider %s maps %s, which is no attribute of the pool", name, attribute)
		}
	}
	return errors.Join(q.errs...)
}

func (q *questions) aboutPool(pool deployed.UserPool) {
	q.that(pool.ID != "" && pool.ARN != "", "it has no id or no ARN")
	q.among("UsernameAttributes", pool.UsernameAttributes, "email")
	q.that(len(pool.UsernameAttributes) == 1, "UsernameAttributes must be email: there are no other user names here")
	q.among("AutoVerifiedAttributes", pool.AutoVerifiedAttributes, "email", "phone_number")
	q.that(slices.Contains(pool.AutoVerifiedAttributes, "email"),
		"AutoVerifiedAttributes must name email: sign-ups are confirmed by it")
	// AWS also takes fewer of them:
	// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserAttributeUpdateSettingsType.html
	first := pool.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate
	q.that(slices.Equal(first, pool.AutoVerifiedAttributes),
		"AttributesRequireVerificationBeforeUpdate must be AutoVerifiedAttributes: new addresses count after their code here")
	q.among("MfaConfiguration", []string{pool.MfaConfiguration}, "", "OFF", "OPTIONAL", "ON")
	q.among("EnabledMfas", pool.EnabledMfas, smsMFA, totpMFA)
	q.among("AllowedFirstAuthFactors", pool.Policies.SignInPolicy.AllowedFirstAuthFactors, "PASSWORD")
	q.among("DefaultEmailOption", []string{pool.VerificationMessageTemplate.DefaultEmailOption}, "", "CONFIRM_WITH_CODE")
	q.that(len(pool.AccountRecoverySetting.RecoveryMechanisms) == 1,
		"RecoveryMechanisms must be verified_email: by default a phone comes first")
	for _, mechanism := range pool.AccountRecoverySetting.RecoveryMechanisms {
		q.among("RecoveryMechanisms", []string{mechanism.Name}, "verified_email")
	}
	if trigger := pool.LambdaConfig.PreTokenGenerationConfig; trigger.LambdaArn != "" {
		q.among("LambdaVersion", []string{trigger.LambdaVersion}, "V2_0")
		q.among("UserPoolTier of a pool with a trigger of version V2_0", []string{pool.UserPoolTier}, "ESSENTIALS", "PLUS")
	}
	for _, attribute := range pool.Schema {
		q.among("AttributeDataType of "+attribute.Name, []string{attribute.AttributeDataType}, "String")
		_, _, err := lengths(attribute)
		q.that(err == nil, "StringAttributeConstraints of %s: %v", attribute.Name, err)
	}
}

// aboutClient is about what a client states. Package deployed refuses a client that leaves a lifetime or a list of
// attributes to AWS's default.
func (q *questions) aboutClient(s *deployed.Stage, client deployed.UserPoolClient) {
	named := func(property string) string {
		return fmt.Sprintf("client %s (%s): %s", client.ClientName, client.ID, property)
	}
	q.that(client.UserPoolID == s.UserPool.ID, "%s is another pool's", named("it"))
	q.that(!client.GenerateSecret, "%s is not understood: clients are public here", named("GenerateSecret"))
	q.that(slices.Equal(client.ExplicitAuthFlows, []string{"ALLOW_USER_SRP_AUTH"}),
		"%s %q is not understood: sign-in by SRP is the only flow here", named("ExplicitAuthFlows"), client.ExplicitAuthFlows)
	q.among(named("PreventUserExistenceErrors"), []string{client.PreventUserExistenceErrors}, "ENABLED")
	q.among(named("RefreshTokenRotation"), []string{client.RefreshTokenRotation.Feature}, "ENABLED")
	for _, provider := range client.SupportedIdentityProviders {
		_, known := s.Providers[provider]
		q.that(known || provider == "COGNITO", "%s: there is no provider %s", named("SupportedIdentityProviders"), provider)
	}
	for _, attribute := range slices.Concat(client.ReadAttributes, client.WriteAttributes) {
		known := isAttribute(s.UserPool, attribute)
		q.that(known, "%s: %s is no attribute of the pool", named("ReadAttributes or WriteAttributes"), attribute)
	}
	units := []string{
		client.TokenValidityUnits.AccessToken, client.TokenValidityUnits.IdToken, client.TokenValidityUnits.RefreshToken,
	}
	q.among(named("TokenValidityUnits"), units, "minutes")
}
