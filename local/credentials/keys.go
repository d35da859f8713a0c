package credentials

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// servedKeys are the condition keys that requests have here whenever they have them on AWS, in lower case. A trailing
// "/" or ":" marks a prefix.
//
// A policy must not use any other key: package iam would treat it as absent, although AWS sets it, and a Deny with it
// would have no effect. To support a key, fill it where the request is authorized, then add it here.
var servedKeys = []string{
	// Filled by this package.
	"aws:currenttime", "aws:epochtime", "aws:federatedprovider", "aws:principalaccount", "aws:principalarn",
	"aws:principaltag/",
	"aws:multifactorauthage", "aws:multifactorauthpresent", "aws:principaltype", "aws:requestedregion",
	"aws:securetransport", "aws:userid", "aws:username",
	"aws:requesttag/", "aws:tagkeys", "sts:rolesessionname",
	"cognito-identity.amazonaws.com:amr", "cognito-identity.amazonaws.com:aud", "cognito-identity.amazonaws.com:sub",
	// Filled by package services.
	"dynamodb:attributes", "dynamodb:leadingkeys", "dynamodb:returnvalues", "dynamodb:select",
	"kms:encryptioncontext:", "kms:encryptioncontextkeys", "kms:viaservice",
	"s3:prefix", "s3:tlsversion", "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id",
	"s3:x-amz-server-side-encryption-customer-algorithm",
	// Never filled, as on AWS: only requests of a service's own, or requests that do not occur here, have them.
	"aws:sourceaccount", "aws:sourcearn", "sts:externalid",
}

var policyVariable = regexp.MustCompile(`\$\{([^}]*)\}`)

// checkKeys returns an error that names every condition key of a policy document, in conditions and policy variables,
// that is not served.
func checkKeys(document []byte) error {
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(keysOf(document))) {
		if !slices.ContainsFunc(servedKeys, func(served string) bool { return isKey(key, served) }) {
			errs = append(errs, fmt.Errorf("condition key %s is not served here: see servedKeys in package credentials", key))
		}
	}
	return errors.Join(errs...)
}

func isKey(key, served string) bool {
	if strings.HasSuffix(served, "/") || strings.HasSuffix(served, ":") {
		return strings.HasPrefix(key, served)
	}
	return key == served
}

// keysOf returns the condition keys of a policy document that package iam has accepted, in lower case.
func keysOf(document []byte) map[string]bool {
	keys := map[string]bool{}
	for _, match := range policyVariable.FindAllSubmatch(document, -1) {
		// ${*}, ${?} and ${$} are characters, and a default may follow a comma.
		name, _, _ := strings.Cut(string(match[1]), ",")
		if len(name) > 1 {
			keys[strings.ToLower(name)] = true
		}
	}
	var policy struct{ Statement json.RawMessage }
	type statement struct {
		Condition map[string]map[string]json.RawMessage
	}
	var statements []statement
	if json.Unmarshal(document, &policy) == nil && json.Unmarshal(policy.Statement, &statements) != nil {
		// A single statement may stand without its list.
		statements = make([]statement, 1)
		_ = json.Unmarshal(policy.Statement, &statements[0])
	}
	for _, s := range statements {
		for _, operator := range s.Condition {
			for key := range operator {
				keys[strings.ToLower(key)] = true
			}
		}
	}
	return keys
}
