package local

import (
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// endpoints tell an AWS SDK where the services are:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func (s *Server) endpoints() map[string]string {
	variables := map[string]string{}
	for _, service := range []string{"COGNITO_IDENTITY_PROVIDER", "COGNITO_IDENTITY", "DYNAMODB", "KMS", "S3", "SSM"} {
		variables["AWS_ENDPOINT_URL_"+service] = s.awsURL()
	}
	return variables
}

// Environment lets the AWS SDK and CLI use the stage as its operator would, "NAME=value" each, sorted.
func (s *Server) Environment() []string {
	variables := s.endpoints()
	maps.Copy(variables, map[string]string{
		"AWS_REGION":            s.stage.Region,
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

// AWS lets the AWS SDK for Go use the stage as its operator would.
func (s *Server) AWS() aws.Config {
	operator := s.parts.operator
	return aws.Config{
		Region: s.stage.Region, BaseEndpoint: aws.String(s.awsURL()),
		Credentials: credentials.NewStaticCredentialsProvider(operator.AccessKeyID, operator.SecretAccessKey, operator.SessionToken),
	}
}
