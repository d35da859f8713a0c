// Command changes prints, as Markdown, what a deploy of a stage would do: first the resources that it would delete or
// replace, then the CDK's whole difference. A pipeline shows the page in pull requests and before an approval.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/securecart/identity/internal/program"
)

const usage = `Says what a deploy of a stage would delete, replace and change, as Markdown.

Usage: make changes STAGE=Prod
or:    go run ./cmd/changes [flags]

It needs a synthesized stage, and credentials that may read the stage's stacks. It changes nothing.

Flags:
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(arguments []string, stdout, stderr io.Writer) int {
	var o options
	flags := program.Flags("changes", usage, stderr)
	flags.CDK(&o.assembly, &o.cdk)
	stage := flags.Stage()
	return flags.Run(arguments, func(ctx context.Context) error {
		o.stage = *stage
		return o.show(ctx, stdout, stderr)
	})
}

// options are the flags of the command line.
type options struct{ assembly, stage, cdk string }

// show compares templates, because a change set would need a deploy's permissions.
func (o options) show(ctx context.Context, stdout, stderr io.Writer) error {
	cmd := exec.CommandContext(ctx, o.cdk, "diff", "--app", o.assembly, "--no-notices", "--no-color", "--method=template",
		"SecureCart-"+o.stage+"/*")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		_, _ = io.Copy(stderr, &said)
		return fmt.Errorf("cdk diff: %w", err)
	}
	_, err := io.WriteString(stdout, page(o.stage, said.String()))
	return err
}

var (
	// stackLine matches the first line of a stack's difference.
	stackLine = regexp.MustCompile(`^Stack (\S+)`)
	// resourceLine matches a resource in the CDK's difference: its sign, type, path, logical id and fate.
	resourceLine = regexp.MustCompile(`^\[([-+~])\] (AWS::\S+) (.+?)(?: (destroy|orphan|replace|may be replaced))?$`)
)

// page returns the Markdown. Deleted and replaced resources come first, because a deploy cannot restore them.
func page(stage, difference string) string {
	var severe []string
	changed, stack := 0, ""
	for _, line := range strings.Split(difference, "\n") {
		if match := stackLine.FindStringSubmatch(line); match != nil {
			stack = match[1]
		}
		match := resourceLine.FindStringSubmatch(strings.TrimRight(line, " "))
		if match == nil {
			continue
		}
		changed++
		what := match[4]
		if what == "" && match[1] == "-" {
			what = "destroy"
		}
		if what != "" {
			severe = append(severe, fmt.Sprintf("- **%s** `%s` %s (%s)", words[what], match[2], match[3], stack))
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "### %s\n\n", stage)
	switch {
	case changed == 0:
		fmt.Fprintf(&out, "No resource changes.\n")
		return out.String()
	case len(severe) == 0:
		fmt.Fprintf(&out, "%d resources change. None is deleted or replaced.\n", changed)
	default:
		fmt.Fprintf(&out, "%d resources change. **%d cannot be taken back:**\n\n%s\n", changed, len(severe),
			strings.Join(severe, "\n"))
	}
	fence := "```"
	for strings.Contains(difference, fence) {
		fence += "`"
	}
	fmt.Fprintf(&out, "\n<details><summary>cdk diff</summary>\n\n%stext\n%s\n%s\n\n</details>\n", fence,
		strings.TrimSpace(difference), fence)
	return out.String()
}

// words are what the CDK's own mean.
var words = map[string]string{
	"destroy": "deleted", "orphan": "leaves its stack and stays in the account", "replace": "replaced",
	"may be replaced": "may be replaced",
}
