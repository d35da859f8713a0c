package deployed

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

func readFunction(l *loader, r resource) error {
	function, err := decode[Function](l, r)
	if err != nil {
		return err
	}
	if function.Runtime != "provided.al2023" {
		return fmt.Errorf("runtime %q is not understood; there is provided.al2023", function.Runtime)
	}
	function.Asset, _ = r.metadata["aws:asset:path"].(string)
	function.LogicalID = r.id
	err = l.name(r, &function.Name, &function.ARN)
	l.stage.Functions[function.ARN] = function
	return err
}

// readPermission refuses permissions for any other caller than the services that call functions here.
func readPermission(l *loader, r resource) error {
	if err := r.stated("SourceArn"); err != nil {
		return err
	}
	permission, err := decode[Permission](l, r)
	if err != nil {
		return err
	}
	if permission.Action != "lambda:InvokeFunction" {
		return fmt.Errorf("action %q is not understood; there is lambda:InvokeFunction", permission.Action)
	}
	callers := []string{APIGateway, CognitoPool, EventBridge, CloudWatchLogs}
	if !slices.Contains(callers, permission.Principal) {
		return fmt.Errorf("principal %q is not understood; there are %s", permission.Principal, strings.Join(callers, ", "))
	}
	l.stage.Permissions = append(l.stage.Permissions, permission)
	return nil
}

// readPolicy waits for the roles that it is attached to.
func readPolicy(l *loader, r resource) error {
	policy, err := decode[attachedPolicy](l, r)
	if err != nil {
		return err
	}
	l.later = append(l.later, func() error {
		for _, name := range policy.Roles {
			arn, ok := l.roleNamed(name)
			if !ok {
				return fmt.Errorf("stack %s, %s: attached to %s, which is no role", r.stack.Name, r.id, name)
			}
			role := l.stage.Roles[arn]
			role.Policies = append(role.Policies, Policy{PolicyName: policy.PolicyName, PolicyDocument: policy.PolicyDocument})
			l.stage.Roles[arn] = role
		}
		return nil
	})
	return nil
}

func (l *loader) roleNamed(name string) (arn string, ok bool) {
	for arn, role := range l.stage.Roles {
		if role.Name == name {
			return arn, true
		}
	}
	return "", false
}

func readBucket(l *loader, r resource) error {
	bucket, err := decode[Bucket](l, r)
	if err != nil {
		return err
	}
	if !bucket.private() {
		return errors.New("it is not closed to the public (all of PublicAccessBlockConfiguration, BucketOwnerEnforced), " +
			"and only such buckets are served")
	}
	err = l.name(r, &bucket.Name, &bucket.ARN)
	l.stage.Buckets[bucket.ARN] = bucket
	return err
}

func readBucketPolicy(l *loader, r resource) error {
	policy, err := decode[struct {
		Bucket         string
		PolicyDocument json.RawMessage
	}](l, r)
	if err != nil {
		return err
	}
	l.later = append(l.later, func() error {
		arn := "arn:aws:s3:::" + policy.Bucket
		bucket, ok := l.stage.Buckets[arn]
		if !ok {
			return fmt.Errorf("stack %s, %s: policy of %s, which is no bucket", r.stack.Name, r.id, policy.Bucket)
		}
		if len(bucket.Policy) > 0 {
			return fmt.Errorf("stack %s, %s: %s has a policy already", r.stack.Name, r.id, policy.Bucket)
		}
		bucket.Policy = policy.PolicyDocument
		l.stage.Buckets[arn] = bucket
		return nil
	})
	return nil
}

func readParameter(l *loader, r resource) error {
	parameter, err := decode[struct {
		Name, Type, Value string
		Description, Tags Ignored
	}](l, r)
	if err != nil {
		return err
	}
	if parameter.Type != "String" {
		return fmt.Errorf("parameter type %q is not understood; there is String", parameter.Type)
	}
	l.stage.Parameters[parameter.Name] = parameter.Value
	return nil
}
