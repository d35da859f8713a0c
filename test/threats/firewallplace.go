package threats

import (
	"slices"
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
