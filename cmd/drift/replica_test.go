package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/config/configtest"
)

// copies are the replicas of a user pool. Each is a page.
type copies []types.UserPoolReplicaType

func (c copies) ListUserPoolReplicas(
	_ context.Context, in *cognitoidentityprovider.ListUserPoolReplicasInput,
	_ ...func(*cognitoidentityprovider.Options),
) (*cognitoidentityprovider.ListUserPoolReplicasOutput, error) {
	if *in.UserPoolId != poolID || c == nil {
		return nil, errors.New("AccessDeniedException")
	}
	page := len(aws.ToString(in.NextToken))
	out := &cognitoidentityprovider.ListUserPoolReplicasOutput{UserPoolReplicas: c[page : page+1]}
	if page+1 < len(c) {
		out.NextToken = aws.String(strings.Repeat("n", page+1))
	}
	return out, nil
}

func TestAReplicaThatWasLeftActiveIsFound(t *testing.T) {
	replica := func(region string, role types.ReplicaRoleType, status types.ReplicaStatusType) types.UserPoolReplicaType {
		return types.UserPoolReplicaType{RegionName: &region, Role: role, Status: status}
	}
	const second = types.ReplicaRoleTypeSecondary
	primary := replica("eu-central-1", types.ReplicaRoleTypePrimary, types.ReplicaStatusTypeActive)
	for name, c := range map[string]struct {
		pool copies
		want string
	}{
		"inactive": {copies{primary, replica("eu-west-1", second, types.ReplicaStatusTypeInactive)}, ""},
		"active": {
			copies{primary, replica("eu-west-1", second, types.ReplicaStatusTypeActive)},
			"- **active** the replica of the user pool in eu-west-1: docs/operations.md, \"Fail back\"\n",
		},
		"being deleted": {
			copies{primary, replica("eu-west-1", second, types.ReplicaStatusTypeDeleting)},
			"- **deleting** the replica of the user pool in eu-west-1: docs/operations.md, \"Fail back\"\n",
		},
		"another is active": {
			copies{
				replica("eu-west-1", second, types.ReplicaStatusTypeInactive), primary,
				replica("us-east-1", second, types.ReplicaStatusTypeActive),
			},
			"- **active** the replica of the user pool in us-east-1: docs/operations.md, \"Fail back\"\n",
		},
		"none": {
			copies{primary}, "- **missing** the replica of the user pool in eu-west-1: `make replica STAGE=Prod`\n",
		},
	} {
		var stdout bytes.Buffer
		stage := configtest.Stage("Prod")
		stage.Replica = "eu-west-1"
		a := &account{there: []string{"SecureCart-Prod-UserPool"}}
		l := look{stacks: a, secrets: a, pools: c.pool, now: today, stdout: &stdout, stderr: io.Discard}
		found, err := l.at(t.Context(), stage)
		text := strings.TrimPrefix(stdout.String(), "### Prod\n\n")
		quiet := c.want == "" && strings.HasPrefix(text, "Nothing has drifted")
		if err != nil || (found == 0) != (c.want == "") || text != c.want && !quiet {
			t.Errorf("%s: %d found, %v: %q, want %q", name, found, err, text, c.want)
		}
	}
}

func TestAReplicaThatCannotBeSeenIsNoGoodNews(t *testing.T) {
	stage := configtest.Stage("Prod")
	stage.Replica = "eu-west-1"
	for _, there := range [][]string{{"SecureCart-Prod-UserPool"}, {"SecureCart-Prod-Data"}} {
		var stdout bytes.Buffer
		a := &account{there: there}
		l := look{stacks: a, secrets: a, pools: copies(nil), now: today, stdout: &stdout, stderr: io.Discard}
		if _, err := l.at(t.Context(), stage); err == nil || strings.Contains(stdout.String(), "Nothing has drifted") {
			t.Errorf("%v: %v, %q", there, err, stdout.String())
		}
	}
}
