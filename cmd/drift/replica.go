package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/awsaccess"
)

// pools is the part of Amazon Cognito that this command calls.
type pools interface {
	ListUserPoolReplicas(
		context.Context, *cognitoidentityprovider.ListUserPoolReplicasInput, ...func(*cognitoidentityprovider.Options),
	) (*cognitoidentityprovider.ListUserPoolReplicasOutput, error)
}

// replicas prints the replicas of the user pool that are not inactive, and returns their number. CloudFormation does
// not compare the status, and customers can sign in at a replica that was left active after an outage.
func (l look) replicas(ctx context.Context, stage config.Stage) (int, error) {
	if stage.Replica == "" {
		return 0, nil
	}
	all, err := l.secondaries(ctx, stage.ID()+"-UserPool")
	if err != nil {
		return 0, fmt.Errorf("look for the replica in %s: %w", stage.Replica, err)
	}
	if len(all) == 0 {
		fmt.Fprintf(l.stdout, "- **missing** the replica of the user pool in %s: `make replica STAGE=%s`\n",
			stage.Replica, stage.Name)
		return 1, nil
	}
	found := 0
	for _, replica := range all {
		if replica.Status != types.ReplicaStatusTypeInactive {
			found++
			fmt.Fprintf(l.stdout, "- **%s** the replica of the user pool in %s: docs/operations.md, \"Fail back\"\n",
				strings.ToLower(string(replica.Status)), aws.ToString(replica.RegionName))
		}
	}
	return found, nil
}

// secondaries are the replicas of the user pool in a stack's outputs, without the pool itself.
func (l look) secondaries(ctx context.Context, stack string) ([]types.UserPoolReplicaType, error) {
	pool, err := l.userPool(ctx, stack)
	if err != nil {
		return nil, err
	}
	var all []types.UserPoolReplicaType
	input := &cognitoidentityprovider.ListUserPoolReplicasInput{UserPoolId: &pool}
	for {
		page, err := l.pools.ListUserPoolReplicas(ctx, input)
		if err != nil {
			return nil, err
		}
		for _, replica := range page.UserPoolReplicas {
			if replica.Role != types.ReplicaRoleTypePrimary {
				all = append(all, replica)
			}
		}
		if input.NextToken = page.NextToken; input.NextToken == nil {
			return all, nil
		}
	}
}

// userPool is the id of the user pool in the outputs of a stack.
func (l look) userPool(ctx context.Context, stack string) (string, error) {
	outputs, err := awsaccess.OutputsOf(ctx, l.stacks, stack)
	if err != nil {
		return "", err
	}
	pool, found := outputs["UserPoolId"]
	if !found {
		return "", errors.New(stack + " has no output UserPoolId")
	}
	return pool, nil
}
