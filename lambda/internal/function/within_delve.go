//go:build delve

package function

import "time"

// limit is how long an event may take where the function runs under a debugger: as long as somebody looks at it. Only
// internal/gobuild.ForDebugger sets the tag.
func limit(time.Duration) time.Duration { return 24 * time.Hour }
