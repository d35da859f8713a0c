package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/securecart/identity/local"
)

// settings is an AWS configuration file for the stage: buckets are part of the path, because no name of a bucket leads
// to this machine. Taken in place of the developer's own file, it also keeps their profiles and endpoints out.
const settings = "[default]\ns3 =\n  addressing_style = path\n"

// foreign are variables that would lead an AWS SDK elsewhere than to the stage.
var foreign = []string{
	"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
	"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
}

// files are what a served stage leaves for other programs.
type files struct {
	// outputs has the stage's values in the form of `cdk deploy --outputs-file`, for front ends.
	outputs string
	// environment is a shell script to source, for the AWS CLI and SDKs.
	environment string
	// variables are those of the script, "NAME=value" each.
	variables []string
}

// write writes the files into a folder.
func write(server *local.Server, folder string) (files, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return files{}, err
	}
	f := files{outputs: filepath.Join(folder, "outputs.json"), environment: filepath.Join(folder, "env.sh")}
	config := filepath.Join(folder, "aws.config")
	f.variables = append(server.Environment(), "AWS_CONFIG_FILE="+config, "SECURECART_OUTPUTS="+f.outputs)
	for _, output := range server.Values() {
		f.variables = append(f.variables, variable(output[0])+"="+output[1])
	}
	if err := server.WriteOutputs(f.outputs); err != nil {
		return files{}, err
	}
	for name, text := range map[string]string{config: settings, f.environment: f.script()} {
		// Others on this machine must not read the credentials, also where the file was theirs to read before.
		if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
			return files{}, fmt.Errorf("write the stage's environment: %w", err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			return files{}, fmt.Errorf("write the stage's environment: %w", err)
		}
	}
	return f, nil
}

// variable is the name of an output in the environment: UserPoolId is SECURECART_USER_POOL_ID.
func variable(output string) string {
	var name strings.Builder
	name.WriteString("SECURECART")
	for _, r := range output {
		if unicode.IsUpper(r) {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToUpper(r))
	}
	return name.String()
}

// script sets the variables in a POSIX shell.
func (f files) script() string {
	var script bytes.Buffer
	fmt.Fprintln(&script, "# Leads the AWS CLI and SDKs to the stage that `make local` serves. "+
		"These credentials open nothing else.")
	fmt.Fprintln(&script, "unset", strings.Join(foreign, " "))
	for _, variable := range f.variables {
		name, value, _ := strings.Cut(variable, "=")
		fmt.Fprintf(&script, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	return script.String()
}
