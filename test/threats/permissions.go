package threats

import (
	"maps"
	"slices"
	"strings"
)

// permissions are the threats that are closed because a permission is granted nowhere, or only to one role.
var permissions = []Threat{
	{
		ID:    "I7",
		Title: "Scan the table: the condition on leading keys matches a request without keys",
		Sources: []string{
			"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
			"https://docs.aws.amazon.com/IAM/latest/UserGuide/" +
				"reference_policies_condition-single-vs-multi-valued-context-keys.html",
		},
		Closed: "The identity pool's roles may only get and query the listed attributes of rows with the own key, which " +
			"the request must name.",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			read := 0
			for _, r := range []role{in.guest(), in.customer()} {
				for _, s := range r.granted {
					if strings.Contains(strings.Join(s.actions, ","), "dynamodb:") {
						read++
						r.demands(s, "ForAllValues:StringEquals dynamodb:LeadingKeys "+ownTag, "Null dynamodb:LeadingKeys false")
					}
				}
				r.mayNot(scans...)
			}
			if read == 0 {
				in.customer().Fail("reads no rows: there is nothing to check")
			}
		},
	},
	{
		ID:      "I11",
		Title:   "Use an app role to gain permissions: another role, another identity pool, another trust",
		Sources: []string{hackPrivesc + " (SetIdentityPoolRoles, PassRole, UpdateIdentityPool)", hackPersistence},
		Closed: "No role may call any of the listed actions that grant, assume roles, change settings, destroy or delete " +
			"traces, except those that are permitted to a role by their full names.",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			for _, r := range in.everyRole() {
				r.mayNotBut(permitted[r.Name()], dangerous...)
			}
		},
	},
	{
		ID:      "I12",
		Title:   "Rely on AWS's session policies for guests, whose effect is not verified here",
		Sources: []string{cognitoGuide + "iam-roles.html (two session policies)"},
		Closed:  "Nothing: AWS does not document whether its two session policies for guests add or intersect.",
		Limit: "Guests list products with signed calls. If AWS's session policies did not allow execute-api, guests would " +
			"be refused: no access is gained, and the end-to-end suite shows it on a deployed stage. No permission here " +
			"depends on them.",
	},
	{
		ID:    "A19",
		Title: "Find a wildcard or a managed policy in a function's role, and the actions that AWS has added to it since",
		Sources: []string{
			cdkNag + " IAM4, IAM5", securityHub + "iam-controls.html (IAM.21)", cloudGoat + "terraform/lambda.tf",
		},
		Closed: "Every permission names its actions, and its resource except for two services without resources. Each " +
			"function has its own role, with exactly the permissions that its handler uses, and no role is unused. Roles that " +
			"a pipeline deploys have the boundary that an administrator has set.",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			for _, r := range in.everyRole() {
				for _, s := range r.granted {
					r.names(s)
				}
			}
			in.bounded()
			in.None(otherGrants...)
			in.Named(function, slices.Collect(maps.Keys(environments))...)
			for _, f := range in.Every(function) {
				in.runsOurs(f)
			}
			in.rolesAreUsed()
		},
	},
}

// bounded finds roles without the boundary of the pipeline's administrator.
func (in *Inspection) bounded() {
	for _, r := range in.Every(iamRole) {
		boundary := r.At("PermissionsBoundary")
		if !in.Config.Delivery.Pipeline() {
			boundary.Absent()
			continue
		}
		boundary.Is("arn:aws:iam::" + in.Account() + ":policy/SecureCart-Delivery-" + in.Config.Name + "-Boundary")
	}
}

// otherGrants are the other ways to hold a permission.
var otherGrants = []string{
	"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy",
	"AWS::IAM::RolePolicy",
	"AWS::IAM::AccessKey", "AWS::IAM::InstanceProfile",
}

// scans are actions that read rows without naming their key.
var scans = []string{"dynamodb:Scan", "dynamodb:PartiQL*", "dynamodb:BatchGetItem", "dynamodb:Export*"}

// wildcards are the resources, and the conditions with their values, that may hold a wildcard, with the reason.
var wildcards = map[string]string{
	"* for xray:PutTelemetryRecords,xray:PutTraceSegments": "X-Ray knows no resource for them",
	"* for sns:Publish":                                "a phone number has no ARN",
	"${Data.Media.Arn}/products/*":                     "pictures have no names known here",
	"${Data.Documents.Arn}/customers/" + ownTag + "/*": "files have no names known here",
	"${Data.SecurityEvents.Arn}/changes/*":             "events have no names known here",
	"${Data.SecurityEvents.Arn}/users/*":               "lines of a log have no names known here",
	"${Data.UserExports.Arn}/users/*":                  "days have no names known here",
	"${Data.Documents.Arn}/customers/*":                "the customer whose data is erased is not known here",
	"StringLike s3:prefix customers/*":                 "the customer whose data is erased is not known here",
	"arn:aws:logs:<here>:log-group:*":                  "API Gateway names the log groups of the account's APIs itself",
}

// wildcardsOf are the resources and conditions of a statement that hold a wildcard, as the list writes them.
func (s *Target) wildcardsOf(of statement) []string {
	var found []string
	for _, text := range slices.Concat(of.resources, of.conditions) {
		switch {
		case text == "*":
			found = append(found, "* for "+strings.Join(of.actions, ","))
		case strings.ContainsAny(text, "*?"):
			found = append(found, strings.Replace(text, s.Config.Region+":"+s.Account(), "<here>", 1))
		}
	}
	return found
}

// unusedWildcards are those of the list that no statement of the stages has: a new statement could use them unchecked.
func unusedWildcards(targets []*Target) []string {
	used := map[string]bool{}
	for _, s := range targets {
		roles, _ := s.roles()
		for _, r := range roles {
			for _, granted := range r.granted {
				for _, text := range s.wildcardsOf(granted) {
					used[text] = true
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(wildcards)), func(text string) bool { return used[text] })
}

// names expects a statement to name its actions and resources, unless one of the lists above gives a reason.
func (r role) names(s statement) {
	actions := strings.Join(s.actions, ",")
	if strings.ContainsAny(actions, "*?") || actions == "" {
		r.Fail("names no actions: %s", s)
	}
	if len(s.resources) == 0 {
		r.Fail("names no resource: %s", s)
	}
	for _, text := range r.in.wildcardsOf(s) {
		if wildcards[text] == "" {
			r.Fail("has a wildcard without a listed reason, %q: %s", text, s)
		}
	}
}

// bounded stands for the statements that name their resources.
var bounded step = func(s any) bool { return dig(s, "Resource") != "*" }
