package userpool

import (
	"context"
	"encoding/json"
)

// Sources of the events of this file.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
const (
	sourceSignUp           = "PreSignUp_SignUp"
	sourceAdminCreateUser  = "PreSignUp_AdminCreateUser"
	sourceExternalProvider = "PreSignUp_ExternalProvider"
	// sourceConfirmSignUp also stands for an administrator's confirmation and for a provider's customer who is new.
	sourceConfirmSignUp         = "PostConfirmation_ConfirmSignUp"
	sourceConfirmForgotPassword = "PostConfirmation_ConfirmForgotPassword"
)

// newcomer is a user about to be added, as the pre sign-up trigger is told.
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
	var sent struct {
		header
		CallerContext callerContext `json:"callerContext"`
		Request       struct {
			UserAttributes map[string]string `json:"userAttributes"`
			ValidationData map[string]string `json:"validationData"`
			ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
		} `json:"request"`
		Response decision `json:"response"`
	}
	sent.header, sent.CallerContext = p.header("1", n.source, n.username), calledBy(n.clientID)
	sent.Request.UserAttributes = n.attributes
	if n.attributes == nil {
		sent.Request.UserAttributes = map[string]string{}
	}
	sent.Request.ValidationData, sent.Request.ClientMetadata = n.validationData, n.clientMetadata
	answer, err := p.fire(ctx, "PreSignUp", function, sent.header, sent)
	if err != nil {
		return err
	}
	var read struct {
		Response decision `json:"response"`
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		return errAnswer
	}
	// AWS ignores the decision about users that an administrator creates.
	if read.Response != (decision{}) && n.source != sourceAdminCreateUser {
		return refuse("InvalidLambdaResponseException",
			"The local user pool does not serve autoConfirmUser, autoVerifyEmail and autoVerifyPhone: nothing would be proven.")
	}
	return nil
}

// postConfirmation tells the pool's function that a user was confirmed, or has a new password. What it tells has
// happened already: an error does not take it back, and yet is the answer to the caller.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
func (p *Pool) postConfirmation(
	ctx context.Context, source, clientID string, of subject, clientMetadata map[string]string,
) error {
	function := p.pool.LambdaConfig.PostConfirmation
	if function == "" {
		return nil
	}
	var sent struct {
		header
		CallerContext callerContext `json:"callerContext"`
		Request       struct {
			UserAttributes map[string]string `json:"userAttributes"`
			ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
		} `json:"request"`
		Response struct{} `json:"response"`
	}
	sent.header, sent.CallerContext = p.header("1", source, of.username), calledBy(clientID)
	sent.Request.UserAttributes, sent.Request.ClientMetadata = of.shownToTriggers(), clientMetadata
	_, err := p.fire(ctx, "PostConfirmation", function, sent.header, sent)
	return err
}
