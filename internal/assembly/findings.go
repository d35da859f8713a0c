package assembly

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Finding is a warning or an error about a synthesized construct.
type Finding struct {
	// Severity is "warning", "error" or any other word of the validator.
	Severity string
	// Rule names the rule, such as "W3030", or the annotation, such as "Annotation::@aws-cdk/aws-iam:policyTooBig".
	Rule string
	// Construct is the construct's path, such as "SecureCart-Dev/UserPool/Users/Pool".
	Construct string
	// Text says what is wrong.
	Text string
}

func (f Finding) String() string {
	return fmt.Sprintf("%s %s %s: %s", f.Severity, f.Rule, f.Construct, f.Text)
}

// ReadFindings reads the findings of the CDK's template validation and of the constructs' own annotations from dir. A
// missing report is an error (it wraps fs.ErrNotExist): the CDK writes none if validation is off and nothing is
// annotated. Then it is unknown whether the templates are valid.
func ReadFindings(dir string) ([]Finding, error) {
	file := filepath.Join(dir, "validation-report.json")
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read validation report: %w", err)
	}
	var report struct {
		PluginReports []struct {
			Violations []struct {
				RuleName            string `json:"ruleName"`
				Description         string `json:"description"`
				Severity            string `json:"severity"`
				ViolatingConstructs []struct {
					ConstructPath string `json:"constructPath"`
				} `json:"violatingConstructs"`
			} `json:"violations"`
		} `json:"pluginReports"`
	}
	if err := json.Unmarshal(data, &report); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	var findings []Finding
	for _, plugin := range report.PluginReports {
		for _, v := range plugin.Violations {
			f := Finding{Severity: v.Severity, Rule: v.RuleName, Text: v.Description}
			if len(v.ViolatingConstructs) == 0 {
				findings = append(findings, f)
			}
			for _, c := range v.ViolatingConstructs {
				f.Construct = c.ConstructPath
				findings = append(findings, f)
			}
		}
	}
	slices.SortFunc(findings, func(a, b Finding) int { return strings.Compare(a.String(), b.String()) })
	return findings, nil
}
