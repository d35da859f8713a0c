package functions

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	smithyrand "github.com/aws/smithy-go/rand"
)

// variables returns the whole environment of a new process, whose Runtime API is at api, a host and port. Lambda sets
// more for X-Ray, which is not here, and AWS_EXECUTION_ENV not for the OS-only runtimes that these functions use.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
func (p program) variables(api string) []string {
	// A function's own environment may change these two.
	all := map[string]string{"LANG": "en_US.UTF-8", "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin"}
	maps.Copy(all, p.Environment)
	maps.Copy(all, p.fixed(api))
	list := make([]string, 0, len(all))
	for name, value := range all {
		list = append(list, name+"="+value)
	}
	slices.Sort(list)
	return list
}

// fixed are the variables that Lambda reserves.
func (p program) fixed(api string) map[string]string {
	group := p.LogGroup
	if group == "" {
		group = "/aws/lambda/" + p.function
	}
	return map[string]string{
		"AWS_DEFAULT_REGION":              p.region,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(p.MemoryMiB),
		"AWS_LAMBDA_FUNCTION_NAME":        p.function,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       group,
		"AWS_LAMBDA_LOG_STREAM_NAME":      time.Now().UTC().Format("2006/01/02/") + "[$LATEST]" + random(16),
		"AWS_LAMBDA_RUNTIME_API":          api,
		"AWS_REGION":                      p.region,
		"LAMBDA_RUNTIME_DIR":              "/var/runtime",
		"LAMBDA_TASK_ROOT":                p.Asset,
		"TZ":                              ":UTC",
		"_HANDLER":                        "bootstrap",
	}
}

// reserved returns those variables that a function may not set. All AWS_LAMBDA_ ones are: AWS_LAMBDA_MAX_CONCURRENCY
// would make the process ask for events that it is not given.
func reserved(environment map[string]string) []string {
	var names []string
	fixed := program{}.fixed("")
	for name := range environment {
		if _, is := fixed[name]; is || strings.HasPrefix(name, "AWS_LAMBDA_") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// requestID returns a random UUID, as Lambda's request ids are. Other programs cannot guess it and answer in place of
// the function.
func requestID() string {
	id, _ := smithyrand.NewUUID(rand.Reader).GetUUID() // the reader never fails, see its documentation
	return id
}

// traceID returns an X-Ray tracing header without sampling: nothing here would collect a trace.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
func traceID() string {
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", time.Now().Unix(), random(12), random(8))
}

// random returns n random bytes in hexadecimal digits.
func random(n int) string {
	bytes := make([]byte, n)
	_, _ = rand.Read(bytes) // never fails, see its documentation
	return hex.EncodeToString(bytes)
}
