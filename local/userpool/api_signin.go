package userpool

import (
	"context"
)

// signInAnswer has either an authentication result or a challenge.
type signInAnswer struct {
	AuthenticationResult *authenticationResult `json:",omitempty"`
	ChallengeName        string                `json:",omitempty"`
	ChallengeParameters  map[string]string
	Session              string `json:",omitempty"`
}

type authenticationResult struct {
	AccessToken string
	// ExpiresIn is in seconds.
	ExpiresIn    int
	IDToken      string `json:"IdToken,omitempty"`
	RefreshToken string `json:",omitempty"`
	TokenType    string
}

func resultOf(tokens Tokens) *authenticationResult {
	return &authenticationResult{tokens.Access, int(tokens.ExpiresIn.Seconds()), tokens.ID, tokens.Refresh, "Bearer"}
}

func (p *Pool) serveInitiateAuth(_ context.Context, in struct {
	ClientID       string `json:"ClientId"`
	AuthFlow       string
	AuthParameters map[string]string
	ClientMetadata map[string]string
},
) (any, error) {
	if _, err := p.client(in.ClientID); err != nil {
		return nil, err
	}
	flow := in.AuthFlow
	if flow == "REFRESH_TOKEN" {
		flow = "REFRESH_TOKEN_AUTH"
	}
	if flow != "USER_SRP_AUTH" {
		return nil, invalidParameter("%s flow not enabled for this client", flow)
	}
	username := in.AuthParameters["USERNAME"]
	if username == "" {
		return nil, invalidParameter("Missing required parameter USERNAME")
	}
	a, err := readSRPA(in.AuthParameters["SRP_A"])
	if err != nil {
		return nil, err
	}
	parameters, err := p.startSRP(in.ClientID, username, a)
	if err != nil {
		return nil, err
	}
	return signInAnswer{ChallengeName: passwordVerifier, ChallengeParameters: parameters}, nil
}

func (p *Pool) serveRespondToAuthChallenge(ctx context.Context, in struct {
	ClientID           string `json:"ClientId"`
	ChallengeName      string
	ChallengeResponses map[string]string
	Session            string
	ClientMetadata     map[string]string
},
) (any, error) {
	if _, err := p.client(in.ClientID); err != nil {
		return nil, err
	}
	given := in.ChallengeResponses
	if err := answered(in.ChallengeName, in.Session, given); err != nil {
		return nil, err
	}
	switch in.ChallengeName {
	case passwordVerifier:
		challenge, err := p.provePassword(proof{
			clientID: in.ClientID, name: given["USERNAME"], secretBlock: given["PASSWORD_CLAIM_SECRET_BLOCK"],
			signature: given["PASSWORD_CLAIM_SIGNATURE"], timestamp: given["TIMESTAMP"],
		})
		return p.signInAnswer(ctx, in.ClientID, challenge, in.ClientMetadata, err)
	case newPasswordRequired, selectMFAType, mfaSetup, smsMFA, totpMFA:
		challenge, err := p.answer(Answer{in.ClientID, in.ChallengeName, in.Session, given}, false)
		return p.signInAnswer(ctx, in.ClientID, challenge, in.ClientMetadata, err)
	default:
		return nil, invalidParameter("The challenge %q is not one that this user pool asks.", in.ChallengeName)
	}
}

// answered refuses an answer that lacks what its challenge requires.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
func answered(challenge, session string, given map[string]string) error {
	required := map[string][]string{
		passwordVerifier:    {"PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"},
		newPasswordRequired: {"NEW_PASSWORD"}, selectMFAType: {"ANSWER"}, smsMFA: {"SMS_MFA_CODE"},
		totpMFA: {"SOFTWARE_TOKEN_MFA_CODE"},
	}
	for _, name := range append([]string{"USERNAME"}, required[challenge]...) {
		if given[name] == "" {
			return invalidParameter("Missing required parameter %s", name)
		}
	}
	if session == "" && challenge != passwordVerifier {
		return invalidParameter("Missing required parameter Session")
	}
	return nil
}

// eitherOr refuses a call that is authorized by neither an access token nor a session, or by both.
func eitherOr(accessToken, session string) error {
	if (accessToken == "") == (session == "") {
		return invalidParameter("Provide either an access token or a session.")
	}
	return nil
}

// signInAnswer is the next challenge, or the tokens if there is none.
func (p *Pool) signInAnswer(
	ctx context.Context, clientID string, challenge *Challenge, metadata map[string]string, err error,
) (any, error) {
	if err != nil {
		return nil, err
	}
	if challenge.Name != "" {
		return signInAnswer{
			ChallengeName: challenge.Name, ChallengeParameters: challenge.Parameters, Session: challenge.Session,
		}, nil
	}
	tokens, err := p.IssueTokens(ctx, TokenRequest{
		ClientID: clientID, Username: challenge.Username, Source: challenge.source, AuthTime: challenge.AuthTime,
		ClientMetadata: metadata,
	})
	if err != nil {
		return nil, err
	}
	return signInAnswer{AuthenticationResult: resultOf(tokens), ChallengeParameters: map[string]string{}}, nil
}

func (p *Pool) serveGetTokensFromRefreshToken(ctx context.Context, in struct {
	ClientID       string `json:"ClientId"`
	RefreshToken   string
	ClientMetadata map[string]string
},
) (any, error) {
	tokens, err := p.refresh(ctx, in.ClientID, in.RefreshToken, in.ClientMetadata)
	if err != nil {
		return nil, err
	}
	return struct{ AuthenticationResult *authenticationResult }{resultOf(tokens)}, nil
}

func (p *Pool) serveRevokeToken(_ context.Context, in struct {
	ClientID string `json:"ClientId"`
	Token    string
},
) (any, error) {
	return nothing{}, p.Revoke(in.ClientID, in.Token)
}

func (p *Pool) serveAssociateSoftwareToken(_ context.Context, in struct{ AccessToken, Session string }) (any, error) {
	type answer struct {
		SecretCode string
		Session    string `json:",omitempty"`
	}
	if err := eitherOr(in.AccessToken, in.Session); err != nil {
		return nil, err
	}
	if in.AccessToken == "" {
		secret, next, err := p.associateWithSession(in.Session, false)
		return answer{secret, next}, err
	}
	return p.self(in.AccessToken, func(g grant) (any, error) {
		if !p.offered(totpMFA) {
			return nil, errNoTOTP
		}
		g.user.factors.candidate = newTOTPSecret()
		return answer{SecretCode: g.user.factors.candidate}, nil
	})
}

func (p *Pool) serveVerifySoftwareToken(_ context.Context, in struct {
	AccessToken, Session, UserCode, FriendlyDeviceName string
},
) (any, error) {
	type answer struct {
		Status  string
		Session string `json:",omitempty"`
	}
	if err := eitherOr(in.AccessToken, in.Session); err != nil {
		return nil, err
	}
	if in.AccessToken == "" {
		next, err := p.verifyWithSession(in.Session, in.UserCode, in.FriendlyDeviceName, false)
		return answer{"SUCCESS", next}, err
	}
	return p.self(in.AccessToken, func(g grant) (any, error) {
		factors := &g.user.factors
		device, err := confirmTOTP(factors.candidate, in.UserCode, in.FriendlyDeviceName, p.now())
		if err != nil {
			return nil, err
		}
		factors.totp, factors.candidate = device, ""
		g.user.changed(p.now())
		return answer{Status: "SUCCESS"}, nil
	})
}
