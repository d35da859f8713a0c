package e2e

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
)

// Credentials gets AWS credentials from the identity pool: a customer's with an ID token of the Web client, a guest's
// without a token.
func (s *Running) Credentials(ctx context.Context, idToken string) (*aws.Credentials, error) {
	var logins map[string]string
	if idToken != "" {
		logins = map[string]string{"cognito-idp." + s.Region + ".amazonaws.com/" + s.UserPoolID: idToken}
	}
	identity, err := s.identities.GetId(ctx, &cognitoidentity.GetIdInput{
		IdentityPoolId: &s.IdentityPoolID, Logins: logins,
	})
	if err != nil {
		return nil, fmt.Errorf("get an identity: %w", err)
	}
	out, err := s.identities.GetCredentialsForIdentity(ctx, &cognitoidentity.GetCredentialsForIdentityInput{
		IdentityId: identity.IdentityId, Logins: logins,
	})
	if err != nil {
		return nil, fmt.Errorf("get credentials: %w", err)
	}
	return &aws.Credentials{
		AccessKeyID:     aws.ToString(out.Credentials.AccessKeyId),
		SecretAccessKey: aws.ToString(out.Credentials.SecretKey),
		SessionToken:    aws.ToString(out.Credentials.SessionToken),
		Source:          "identity pool",
	}, nil
}

// Static gives an AWS client the credentials of a caller.
func Static(of aws.Credentials) aws.CredentialsProvider {
	return credentials.StaticCredentialsProvider{Value: of}
}
