// Command identity synthesizes the CloudFormation of every stage of SecureCart identity. The CDK CLI runs it, as
// cdk.json says; `make` lists what developers run.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/stacks"
)

func main() {
	// os.Exit runs no deferred call, so the kernel is closed in run.
	os.Exit(run(os.Args[1:], os.Stderr))
}

// only names the environment variable with the one stage to synthesize.
const only = "SECURECART_STAGE"

const usage = `Synthesizes the stages of SecureCart identity: all of them, or the one that $SECURECART_STAGE names.

Usage: make synth        (runs: cdk synth)

The CDK CLI runs this program and says by environment variables where the templates go. It takes no arguments: stages
are configured in config/stages.go.
`

// run returns the exit code: 0, 1 if the configuration is refused, 2 if it was called wrongly.
func run(args []string, errors io.Writer) (code int) {
	if len(args) > 0 && (args[0] == "--help" || args[0] == "-h") {
		fmt.Fprint(errors, usage)
		return 0
	}
	// Without the CLI there would be no feature flags, and other templates than those in review.
	if len(args) > 0 || os.Getenv("CDK_OUTDIR") == "" {
		fmt.Fprint(errors, usage)
		return 2
	}
	// The module root is the working directory: the CDK CLI starts programs beside cdk.json.
	defer program.ConstructMisuse(&code, errors)
	stages, chosen := config.Stages(), os.Getenv(only)
	if chosen != "" {
		stages = config.LocalStages()
	}
	app, err := stacks.NewApp(stages, stacks.Synthesis{Root: ".", Only: chosen})
	if err != nil {
		fmt.Fprintf(errors, "%v\n", err)
		return 1
	}
	defer jsii.Close()
	app.Synth(nil)
	return 0
}
