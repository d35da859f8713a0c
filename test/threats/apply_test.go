package threats

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAChangedStageIsReadLikeANewOne compares what is kept of a stage after each change with what a stage made from the
// changed templates reads: a resource that was missed could count as one that a threat misses. The second stack gives
// its role's policies to the role of the first, which has no Topic to refer to.
func TestAChangedStageIsReadLikeANewOne(t *testing.T) {
	s := small(t, `{
		"Pool01234567": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "shop"}},
		"Role01234567": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {
			"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
				"Condition": {"StringEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Pool01234567", "Arn"]}}}}]}}},
		"Web01234567": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": {"Ref": "Pool01234567"}}},
		"Z01234567": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": {"Ref": "Pool01234567"}}}}`)
	second := small(t, `{
		"Topic01234567": {"Type": "AWS::SNS::Topic"},
		"Role01234567": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": {
			"Version": "2012-10-17", "Statement": [
				{"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Ref": "Topic01234567"}}]}}]}}}`).Stacks[0]
	second.ID = "Alarms"
	s.Stacks = append(s.Stacks, second)
	s = NewTarget(s.Synthesized, s.Config)
	var tried int
	for _, m := range Enumerate(s) {
		changed, err := m.Apply(s)
		if err != nil {
			t.Fatal(err)
		}
		whole := NewTarget(changed.whole(), s.Config)
		whole.kept = nil
		for typ := range whole.byType {
			if diff := cmp.Diff(described(whole, typ), described(changed, typ)); diff != "" {
				t.Errorf("%s: resources of %s (-new +changed)\n%s", m, typ, diff)
			}
		}
		for typ := range changed.byType {
			if len(changed.byType[typ]) > 0 && whole.byType[typ] == nil {
				t.Errorf("%s: keeps %v", m, changed.byType[typ])
			}
		}
		tried++
	}
	if tried < 50 {
		t.Errorf("%d changes only", tried)
	}
}

// described are the resources of a type with their properties, and what the roles may do.
func described(s *Target, typ string) []string {
	var texts []string
	for _, r := range s.ofType(typ) {
		texts = append(texts, r.String()+" "+shown{r.Resource}.String())
	}
	if typ == iamRole {
		roles, problems := s.roles()
		for _, r := range roles {
			texts = append(texts, r.String(), sorted(lines(r.trust)), sorted(lines(r.granted)))
		}
		for _, p := range problems {
			texts = append(texts, p.where+" "+p.text)
		}
	}
	return texts
}
