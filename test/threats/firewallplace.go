package threats

import (
	"slices"
)

// guards expects each web ACL to have exactly one association, with its own resource: a web ACL without an association
// protects nothing.
func (in *Inspection) guards() {
	meant := map[string]string{
		"UserPool.FirewallAcl": in.Only(userPool).Ref("Arn"),
		"Api.FirewallAcl":      in.stageARN(in.Only(apiStage)),
	}
	guarded := map[string][]string{}
	for _, a := range in.Every(aclAssociation) {
		acl := a.At("WebACLArn").Text()
		guarded[acl] = append(guarded[acl], a.At("ResourceArn").Text())
		if !slices.ContainsFunc(in.Any(webACL), func(candidate Resource) bool { return candidate.Ref("Arn") == acl }) {
			a.At("WebACLArn").Fail("is %s, which is no web ACL of this stage", acl)
		}
	}
	for _, acl := range in.Any(webACL) {
		got, want := guarded[acl.Ref("Arn")], meant[acl.Name()]
		if want == "" || !slices.Equal(got, []string{want}) {
			acl.Fail("stands in front of %v, want %q alone: associate it with that, or remove it", got, want)
		}
	}
}
