package threats

import "slices"

// Met says how a control is met.
type Met string

const (
	// ByTemplates says that the stage's own settings do, proven by the checks of the threats named.
	ByTemplates Met = "met here"
	// Partly says that the stage's settings meet it in part; Note says what remains.
	Partly Met = "met in part"
	// ByOperator says that the account's operators must meet it: it is a process, or a setting outside these stacks.
	ByOperator Met = "the operator's"
	// Deviates says that the stage differs on purpose; Note says why.
	Deviates Met = "not met, on purpose"
	// NotApplicable says that the control does not apply; Note says why.
	NotApplicable Met = "does not apply"
)

// The standards whose controls are listed.
const (
	// FSBP are the controls of AWS Security Hub for the services in use.
	// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
	FSBP = "AWS Foundational Security Best Practices"
	// PCI are the requirements that a technical setting can meet.
	// https://www.pcisecuritystandards.org/document_library/
	PCI = "PCI DSS v4.0.1"
	// HIPAA are the technical safeguards of 45 CFR 164.312.
	// https://www.govinfo.gov/content/pkg/CFR-2019-title45-vol2/xml/CFR-2019-title45-vol2-sec164-312.xml
	HIPAA = "HIPAA, 45 CFR 164.312"
)

// Scopes say what a list of controls covers, by standard.
var Scopes = map[string]string{
	FSBP: "The controls of AWS Security Hub for the services in use, without those that only ask for tags. Most " +
		"belong to the standard AWS Foundational Security Best Practices, some to others of its standards.",
	PCI: "The requirements that a technical setting can meet. Requirement 8 does not cover accounts of consumers, " +
		"and customers are consumers: it is used here as a yardstick.",
	HIPAA: "The standards and implementation specifications of the technical safeguards.",
}

// Control is one control of a standard, and how it is met here. It is not a claim of compliance, which is about an
// organization and not about templates.
type Control struct {
	// Standard is FSBP, PCI or HIPAA.
	Standard string
	// ID is the control's number in its standard.
	ID string
	// Title is the control in a few words.
	Title string
	Met   Met
	// Threats are the ids of the threats whose checks prove it; with ByTemplates and Partly there is at least one.
	Threats []string
	// Note explains the status: details, the remaining part, or the reason.
	Note string
}

// Controls are all controls, by standard.
func Controls() []Control { return slices.Concat(fsbpControls, pciControls, hipaaControls) }

func metHere(standard, id, title, note string, threats ...string) Control {
	return Control{Standard: standard, ID: id, Title: title, Met: ByTemplates, Threats: threats, Note: note}
}

func partly(standard, id, title, remains string, threats ...string) Control {
	return Control{Standard: standard, ID: id, Title: title, Met: Partly, Threats: threats, Note: remains}
}

func operators(standard, id, title, note string) Control {
	return Control{Standard: standard, ID: id, Title: title, Met: ByOperator, Note: note}
}

func deviates(standard, id, title, why string, threats ...string) Control {
	return Control{Standard: standard, ID: id, Title: title, Met: Deviates, Threats: threats, Note: why}
}

func notApplicable(standard, id, title, why string) Control {
	return Control{Standard: standard, ID: id, Title: title, Met: NotApplicable, Note: why}
}
