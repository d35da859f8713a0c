package support

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/securecart/identity/lambda/mfa"
)

// Names are the outputs of a stage's stacks that the support desk needs.
type Names struct {
	Region, UserPoolID                       string
	OrdersTable, CustomersTable              string
	LinksTable, ProofsTable, DocumentsBucket string
	SupportRoleARN, PrivacyRoleARN           string
	// SecondFactors are the factors that the stage offers. Cognito asks for no other.
	SecondFactors []mfa.Factor
}

// ReadNames reads the file that `cdk deploy --outputs-file` writes: outputs by stack. The error names every output that
// is missing. The roles may be missing: a role that nobody may assume is not provisioned.
func ReadNames(file string) (Names, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Names{}, Refusal(fmt.Sprintf("the outputs of the stage cannot be read (%v); "+
			"`make outputs STAGE=…` writes them, and `make local` those of the stage on this machine", err))
	}
	var stacks map[string]map[string]string
	if err := json.Unmarshal(text, &stacks); err != nil {
		return Names{}, Refusal(fmt.Sprintf("%s does not hold the outputs of a stage: %v", file, err))
	}
	named := map[string]string{}
	for _, outputs := range stacks {
		maps.Copy(named, outputs)
	}
	n := Names{SupportRoleARN: named["SupportRoleArn"], PrivacyRoleARN: named["PrivacyRoleArn"]}
	var missing []string
	for name, to := range map[string]*string{
		"Region": &n.Region, "UserPoolId": &n.UserPoolID, "OrdersTable": &n.OrdersTable, "CustomersTable": &n.CustomersTable,
		"LinksTable": &n.LinksTable, "ProofsTable": &n.ProofsTable, "DocumentsBucket": &n.DocumentsBucket,
	} {
		if *to = named[name]; *to == "" {
			missing = append(missing, name)
		}
	}
	offered, found := named["SecondFactors"] // empty where a stage offers none
	if !found {
		missing = append(missing, "SecondFactors")
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return Names{}, Refusal(
			fmt.Sprintf("%s has no output %s: deploy every stack of the stage", file, strings.Join(missing, ", ")),
		)
	}
	if n.SecondFactors, err = mfa.Read(offered); err != nil {
		return Names{}, Refusal(fmt.Sprintf("%s: output SecondFactors: %v", file, err))
	}
	return n, nil
}
