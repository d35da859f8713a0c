package local

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// endpoints tell an AWS SDK where the services are:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func (s *Server) endpoints() map[string]string {
	variables := map[string]string{}
	services := []string{"COGNITO_IDENTITY_PROVIDER", "COGNITO_IDENTITY", "DYNAMODB", "KMS", "S3", "SSM", "STS"}
	for _, service := range services {
		variables["AWS_ENDPOINT_URL_"+service] = s.awsURL()
	}
	return variables
}

// Environment lets the AWS SDK and CLI use the stage as its operator would, "NAME=value" each, sorted. For each IAM
// user that a trust policy names there are credentials beside the operator's: those of
// arn:aws:iam::<account>:user/support-agent are in SECURECART_SUPPORT_AGENT_ACCESS_KEY_ID, …_SECRET_ACCESS_KEY and
// …_SESSION_TOKEN. They count as those of somebody who has just entered a code of the MFA device, so a policy that
// requires a recent one refuses them an hour later.
func (s *Server) Environment() []string {
	variables := s.endpoints()
	for _, user := range s.parts.store.Users() {
		session, err := s.parts.store.IssueUser(user, lasting, true)
		if err != nil {
			fmt.Fprintf(s.config.Output, "no credentials of %s: %v\n", user, err) // there are too many sessions already
			continue
		}
		prefix := userPrefix(user)
		variables[prefix+"_ACCESS_KEY_ID"] = session.AccessKeyID
		variables[prefix+"_SECRET_ACCESS_KEY"] = session.SecretAccessKey
		variables[prefix+"_SESSION_TOKEN"] = session.SessionToken
	}
	maps.Copy(variables, map[string]string{
		"AWS_REGION":            s.stage.Region,
		"AWS_DEFAULT_REGION":    s.stage.Region, // what AWS CLI v1 and boto3 read
		"AWS_ACCESS_KEY_ID":     s.parts.operator.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY": s.parts.operator.SecretAccessKey,
		"AWS_SESSION_TOKEN":     s.parts.operator.SessionToken,
		"SECURECART_INBOX_URL":  s.InboxURL(),
	})
	var list []string
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		list = append(list, name+"="+variables[name])
	}
	return list
}

// userPrefix begins the names of a user's variables.
func userPrefix(arn string) string {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	return "SECURECART_" + strings.Map(func(r rune) rune {
		if r = unicode.ToUpper(r); r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
}

// Users are the ARNs of the IAM users that trust policies of the stage name, sorted.
func (s *Server) Users() []string { return s.parts.store.Users() }

// AWSAs lets the AWS SDK for Go use the stage as an IAM user who has just signed in with MFA. The user may assume
// roles, and nothing else.
func (s *Server) AWSAs(user string) aws.Config {
	config := s.AWS()
	config.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		session, err := s.parts.store.IssueUser(user, time.Hour, true)
		return aws.Credentials{
			AccessKeyID: session.AccessKeyID, SecretAccessKey: session.SecretAccessKey, SessionToken: session.SessionToken,
		}, err
	})
	return config
}

// AWS lets the AWS SDK for Go use the stage as its operator would.
func (s *Server) AWS() aws.Config {
	operator := s.parts.operator
	return aws.Config{
		Region: s.stage.Region, BaseEndpoint: aws.String(s.awsURL()),
		Credentials: credentials.NewStaticCredentialsProvider(
			operator.AccessKeyID, operator.SecretAccessKey, operator.SessionToken),
	}
}
