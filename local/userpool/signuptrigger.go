package userpool

import "context"

// Sources of the events of this file.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
const (
	sourceSignUp           = "PreSignUp_SignUp"
	sourceAdminCreateUser  = "PreSignUp_AdminCreateUser"
	sourceExternalProvider = "PreSignUp_ExternalProvider"
	// sourceConfirmSignUp is also the source for an administrator's confirmation and for the first sign-in at a provider.
	sourceConfirmSignUp         = "PostConfirmation_ConfirmSignUp"
	sourceConfirmForgotPassword = "PostConfirmation_ConfirmForgotPassword"
)

// newcomer is a user about to be added, as the pre sign-up trigger sees it.
type newcomer struct {
	source, clientID, username string
	// attributes are as they were given, or mapped from those of a provider.
	attributes, validationData, clientMetadata map[string]string
}

// preSignUp asks the pool's function whether a user may be added. An error means no.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
func (p *Pool) preSignUp(ctx context.Context, n newcomer) error {
	function := p.pool.LambdaConfig.PreSignUp
	if function == "" {
		return nil
	}
	type decision struct {
		Confirm     bool `json:"autoConfirmUser"`
		VerifyEmail bool `json:"autoVerifyEmail"`
		VerifyPhone bool `json:"autoVerifyPhone"`
	}
	attributes := n.attributes
	if attributes == nil {
		attributes = map[string]string{}
	}
	sent := p.event("1", n.source, n.username, n.clientID, struct {
		UserAttributes map[string]string `json:"userAttributes"`
		ValidationData map[string]string `json:"validationData"`
		ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
	}{attributes, n.validationData, n.clientMetadata}, decision{})
	var decided decision
	if err := p.fire(ctx, "PreSignUp", function, sent, &decided); err != nil {
		return err
	}
	// AWS ignores the decision about users that an administrator creates.
	if decided != (decision{}) && n.source != sourceAdminCreateUser {
		return refuse("InvalidLambdaResponseException",
			"The local user pool does not serve autoConfirmUser, autoVerifyEmail and autoVerifyPhone: nothing would be proven.")
	}
	return nil
}

// postConfirmation tells the pool's function that a user was confirmed, or has a new password. An error of the function
// does not undo that, but the caller gets it.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
func (p *Pool) postConfirmation(
	ctx context.Context, source, clientID string, of subject, clientMetadata map[string]string,
) error {
	function := p.pool.LambdaConfig.PostConfirmation
	if function == "" {
		return nil
	}
	sent := p.event("1", source, of.username, clientID, struct {
		UserAttributes map[string]string `json:"userAttributes"`
		ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
	}{of.shownToTriggers(), clientMetadata}, struct{}{})
	return p.fire(ctx, "PostConfirmation", function, sent, nil)
}
