package main

import (
	"context"
	"flag"
	"fmt"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/securecart/identity/internal/support"
)

// command is one command of the support desk.
type command struct {
	name string
	role support.Role
	// says is the command's line in the list of commands. more is the rest of its help.
	says, more string
	do         func(context.Context, *work) error
}

// commands are in the order in which agents use them.
func commands() []command {
	return []command{
		{
			"find",
			support.Support,
			"finds a customer by e-mail address, sub or user name",
			"Customers of a provider who have no account of their own are found by user name (google_1234) or sub\n" +
				"only: the user pool cannot be searched for the address that a provider states.",
			find,
		},
		{"show", support.Support, "shows the state of the account, its factor and what it has proven", "", show},
		{"sign-out", support.Support, "ends all sessions",
			"Tokens at the API live until they expire: 5 minutes after a step-up, up to an hour otherwise. So do\n" +
				"AWS credentials, for an hour. Managed login remembers a browser for up to an hour: disable, too, if\n" +
				"that is too long.", signOut},
		{"disable", support.Support, "keeps the customer from signing in", "", disable},
		{"enable", support.Support, "lets the customer sign in again", "", enable},
		{"reset-factor", support.Support, "removes a lost second factor, and the trust in it",
			"Ends all sessions, too. The customer then proves the mailbox (\"Forgot your password?\") and enrols anew.\n" +
				"Nothing can be bought before that.", resetFactor},
		{"export", support.Privacy, "writes everything that is held about a customer into one zip", "", export},
		{"erase", support.Privacy, "removes everything but orders, after showing what, and asking",
			"Orders stay, under a sub that names nobody any more. If it is stopped, the same command finishes. If the\n" +
				"account is gone, because the customer deleted it, -sub removes what is left.", erase},
	}
}

// options are the values of the command line.
type options struct {
	command command
	// who is the customer; empty if sub says it.
	who string

	stage, outputs string
	support.Session
	json               bool
	mfaDevice, mfaCode string

	file string
	sub  string
	// identities are those of a customer whose account is deleted.
	identities identityFlags
	yesErase   string
}

// identityFlags reads "<provider>#<subject>", any number of times.
type identityFlags []support.Identity

// String returns the values.
func (i *identityFlags) String() string {
	var all []string
	for _, one := range *i {
		all = append(all, one.Provider+"#"+one.Subject)
	}
	return strings.Join(all, ", ")
}

// Set reads one value.
func (i *identityFlags) Set(text string) error {
	provider, subject, found := strings.Cut(text, "#")
	if !found || provider == "" || subject == "" {
		return fmt.Errorf("want <provider>#<subject>, such as Google#1234")
	}
	*i = append(*i, support.Identity{Provider: provider, Subject: subject})
	return nil
}

// outputsVariable names the file of the stage's outputs, as cmd/local and the end-to-end tests have it.
const outputsVariable = "SECURECART_OUTPUTS"

// stageForm is the form of a stage's name, which becomes part of a file's name.
var stageForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

// parse reads the command line. Flags may stand before and after the customer. It returns [flag.ErrHelp] if help was
// printed.
func parse(arguments []string, t terminal) (options, error) {
	if len(arguments) == 0 {
		t.usage()
		return options{}, fmt.Errorf("which command?")
	}
	if arguments[0] == "--help" || arguments[0] == "-help" || arguments[0] == "-h" || arguments[0] == "help" {
		t.usage()
		return options{}, flag.ErrHelp
	}
	o := options{}
	for _, c := range commands() {
		if c.name == arguments[0] {
			o.command = c
		}
	}
	if o.command.name == "" {
		return options{}, fmt.Errorf("there is no command %q; --help lists them", arguments[0])
	}
	flags := o.flags(t)
	var customers []string
	for rest := arguments[1:]; len(rest) > 0; {
		if err := flags.Parse(rest); err != nil {
			return options{}, err
		}
		if rest = flags.Args(); len(rest) > 0 {
			customers, rest = append(customers, rest[0]), rest[1:]
		}
	}
	return o, o.complete(customers, t)
}

func (o *options) flags(t terminal) *flag.FlagSet {
	flags := flag.NewFlagSet(o.command.name, flag.ContinueOnError)
	flags.SetOutput(t.stderr)
	flags.StringVar(&o.Ticket, "ticket", "", "`ticket` that you work on; it names the session in AWS CloudTrail. Required")
	flags.StringVar(&o.Reason, "reason", "", "`why`, for AWS CloudTrail. Required")
	flags.StringVar(&o.stage, "stage", "", "`stage`, such as Dev, or local for the one on this machine (Dev if empty)")
	flags.StringVar(&o.outputs, "outputs", "",
		"`file` of the stage's outputs, instead of -stage; $"+outputsVariable+" if empty")
	flags.BoolVar(&o.json, "json", false, "answer in JSON")
	flags.StringVar(&o.mfaDevice, "mfa", "", "serial number or ARN of your MFA `device`, if your credentials are those "+
		"of an IAM user without MFA; its code is asked for")
	switch o.command.name {
	case "export":
		flags.StringVar(&o.file, "out", "", "`file` to write (export-<sub>.zip if empty); an existing one is not replaced")
	case "erase":
		flags.StringVar(&o.sub, "sub", "", "`sub` of a customer whose account is gone, instead of the customer")
		flags.Var(&o.identities, "identity",
			"`provider#subject` that was connected to the account that is gone; may be repeated")
		flags.StringVar(&o.yesErase, "yes-erase", "",
			"`address` (or, without one, user name or sub) that would be asked for: does not ask")
	}
	flags.Usage = func() {
		customer := "<customer>"
		if o.command.name == "erase" {
			customer = "<customer> | -sub <sub>"
		}
		fmt.Fprintf(t.stderr, "%s: %s.\n\nUsage: support %s %s -ticket <ticket> -reason <why> [flags]\n\n",
			o.command.name, o.command.says, o.command.name, customer)
		if o.command.more != "" {
			fmt.Fprintf(t.stderr, "%s\n\n", o.command.more)
		}
		fmt.Fprintf(t.stderr, "Works with the role %s of the stage.\n\nFlags:\n", o.command.role)
		flags.PrintDefaults()
	}
	return flags
}

// complete fills in derived options, and returns an error for missing or contradictory ones.
func (o *options) complete(customers []string, t terminal) error {
	switch {
	case o.sub != "" && len(customers) > 0:
		return fmt.Errorf("say the customer or -sub, not both")
	case o.sub == "" && len(o.identities) > 0:
		return fmt.Errorf("-identity goes with -sub: an account knows its own identities")
	case o.sub != "":
	case len(customers) == 0:
		return fmt.Errorf(
			"which customer? support %s <e-mail address, sub or user name> -ticket <ticket> -reason <why>", o.command.name,
		)
	case len(customers) > 1:
		return fmt.Errorf("one customer at a time, got %q", customers)
	default:
		o.who = customers[0]
		if err := support.CheckWho(o.who); err != nil {
			return err
		}
	}
	if o.sub != "" && !support.IsSub(o.sub) {
		return fmt.Errorf("-sub must have the form 00000000-0000-0000-0000-000000000000 in lower case, got %q", o.sub)
	}
	if o.outputs == "" && o.stage == "" {
		o.outputs = t.environment(outputsVariable)
	}
	switch {
	case o.outputs != "" && o.stage != "":
		return fmt.Errorf("say -stage or -outputs, not both")
	case o.outputs != "":
	case o.stage == "local":
		o.outputs = ".build/local/outputs.json"
	default:
		if o.stage == "" {
			o.stage = "Dev"
		}
		if !stageForm.MatchString(o.stage) {
			return fmt.Errorf("-stage must be the name of a stage, such as Dev, got %q", o.stage)
		}
		o.outputs = "outputs." + o.stage + ".json"
	}
	return o.Check()
}

func (t terminal) usage() {
	fmt.Fprint(t.stderr, `The support desk: helps one customer at a time. docs/support.md says who may do what.

Usage: make support ARGS="<command> <customer> -ticket <ticket> -reason '<why>'"

Commands:
`)
	table := tabwriter.NewWriter(t.stderr, 0, 0, 2, ' ', 0)
	for _, c := range commands() {
		fmt.Fprintf(table, "  %s\t%s\trole %s\n", c.name, c.says, c.role)
	}
	_ = table.Flush()
	fmt.Fprint(t.stderr, `
<command> --help explains one. Exit codes: 0 done; 1 refused, not found or failed; 2 called wrongly.
`)
}
