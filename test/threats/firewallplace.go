package threats

import (
	"slices"

	"github.com/securecart/identity/internal/assembly"
)

// guards expects each web ACL to stand in front of the one thing that it was made for, and each association to put one of them
// there: AWS WAF guards what an association names, and a web ACL without one looks like a guard and is none.
func (in *inspection) guards() {
	meant := map[string]string{
		"UserPool.FirewallAcl": in.only(userPool).ref("Arn"),
		"Api.FirewallAcl":      in.stageARN(in.only(apiStage)),
	}
	guarded := map[string][]string{}
	for _, a := range in.every(aclAssociation) {
		acl := a.at("WebACLArn").text()
		guarded[acl] = append(guarded[acl], a.at("ResourceArn").text())
		if !slices.ContainsFunc(in.any(webACL), func(candidate resource) bool { return candidate.ref("Arn") == acl }) {
			a.at("WebACLArn").fail("is %s, which is no web ACL of this stage", acl)
		}
	}
	for _, acl := range in.any(webACL) {
		got, want := guarded[acl.ref("Arn")], meant[acl.name()]
		if want == "" || !slices.Equal(got, []string{want}) {
			acl.fail("stands in front of %v, want %q alone: associate it with that, or remove it", got, want)
		}
	}
}

// misplaced has the web ACL of a stack stand somewhere else, or another one in front of nothing.
func misplaced(stack string) weakening {
	const (
		theirAPI = "arn:aws:apigateway:eu-central-1::/restapis/another/stages/v1"
		theirACL = "arn:aws:wafv2:eu-central-1:999999999999:regional/webacl/theirs"
	)
	pointing := func(property, arn string) func(*assembly.Resource) {
		return func(r *assembly.Resource) { r.Properties[property] = arn }
	}
	acl, association := inStack(stack, webACL), inStack(stack, aclAssociation)
	return joined(
		acl.removed(), association.removed(),
		acl.repeated(" in front of nothing", nil),
		association.at("ResourceArn").becomes(gone, theirAPI),
		association.at("WebACLArn").becomes(gone, theirACL),
		association.repeated("", nil),
		association.repeated(" for another API", pointing("ResourceArn", theirAPI)),
		association.repeated(" with another web ACL", pointing("WebACLArn", theirACL)),
	)
}
