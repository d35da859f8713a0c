package services_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

// staff are additional roles by their permissions, because customers write no documents.
var staff = map[string]string{
	"clerk":    `{"Effect": "Allow", "Action": ["s3:*", "kms:*"], "Resource": "*"}`,
	"chief":    `{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}`,
	"operator": `{"Effect": "Allow", "Action": "*", "Resource": "*"}`,
	"porter":   `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`,
	"filer": `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
		{"Effect": "Allow", "Action": "kms:*", "Resource": "*",
		"Condition": {"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::*/customers/*"}}}`,
}

// staff calls with one of these roles.
func (s *shop) staff(t *testing.T, role string) *caller {
	t.Helper()
	session := must.Get(s.store.Issue("arn:aws:iam::"+s.stage.Account+":role/"+role, "session", time.Hour, nil, nil))(t)
	return s.as(session)
}

// employ adds these roles to a stage.
func employ(s *deployed.Stage) {
	for name, statement := range staff {
		arn := "arn:aws:iam::" + s.Account + ":role/" + name
		s.Roles[arn] = deployed.Role{Name: name, ARN: arn,
			AssumeRolePolicyDocument: json.RawMessage(`{"Version": "2012-10-17", "Statement": [
				{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}`),
			Policies: []deployed.Policy{
				{PolicyName: name, PolicyDocument: json.RawMessage(`{"Version": "2012-10-17", "Statement": [` + statement + `]}`)}},
		}
	}
}
