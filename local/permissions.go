package local

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/credentials"
)

// lasting is how long credentials live that nobody renews: those of functions, which Lambda would renew, and of the
// operator.
const lasting = 30 * 24 * time.Hour

// permissions reads every policy of the stage, and adds somebody who may do everything: the developer at this machine.
// It goes on with the sessions of the parts before, if there are any.
func (s *Server) permissions(before *parts) (*credentials.Store, credentials.Session, error) {
	arn := "arn:aws:iam::" + s.stage.Account + ":role/operator"
	with := *s.stage
	with.Roles = maps.Clone(s.stage.Roles)
	with.Roles[arn] = deployed.Role{
		Name: "operator", ARN: arn,
		// Nobody can assume it. Its one session is handed out below.
		AssumeRolePolicyDocument: json.RawMessage(`{"Version": "2012-10-17", "Statement": [
			{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}`),
		Policies: []deployed.Policy{{PolicyName: "AdministratorAccess", PolicyDocument: json.RawMessage(
			`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`)}},
	}
	store, err := credentials.New(&with, time.Now)
	if err != nil {
		return nil, credentials.Session{}, err
	}
	if before != nil {
		store.Continue(before.store)
		return store, before.operator, nil
	}
	operator, err := store.Issue(arn, "developer", lasting, nil, nil)
	if err != nil {
		return nil, credentials.Session{}, fmt.Errorf("credentials of the operator: %w", err)
	}
	return store, operator, nil
}
