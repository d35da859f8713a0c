package main

import (
	"slices"
	"time"

	"github.com/securecart/identity/config"
)

// facebookVersion is the version of the Graph API that the templates name. A test compares it with them.
const facebookVersion = "v26.0"

// facebookExpiries is when versions of the Graph API end, two years after their successor's release, as Meta announces.
// Zero is a version without a successor. Calls to an ended version are served by the oldest remaining one. Read on
// 2026-11-28. https://developers.facebook.com/docs/graph-api/changelog
var facebookExpiries = map[string]time.Time{
	"v21.0": time.Date(2027, time.January, 21, 0, 0, 0, 0, time.UTC),
	"v26.0": {},
}

// facebookNotice is how long before its end a version is reported.
const facebookNotice = 180 * 24 * time.Hour

func hasFacebook(s config.Stage) bool {
	return slices.ContainsFunc(s.Providers, func(p config.Provider) bool { return p.Kind == config.Facebook })
}

func facebook(version string, now time.Time) Result {
	end, known := facebookExpiries[version]
	const remedy = "name a newer version of https://developers.facebook.com/docs/graph-api/changelog " +
		"in constructs/identityprovider, and its expiry in cmd/preflight"
	switch {
	case !known:
		return warning(remedy, "it is not known when Facebook's Graph API %s ends", version)
	case end.IsZero():
		return ok("Facebook's Graph API %s had no successor when it was looked up, and so no end", version)
	case !now.Before(end):
		return failure(remedy, "Facebook's Graph API %s ended on %s: sign-ins get whatever version is the oldest",
			version, end.Format(time.DateOnly))
	case end.Sub(now) < facebookNotice:
		return warning(remedy, "Facebook's Graph API %s ends on %s", version, end.Format(time.DateOnly))
	}
	return ok("Facebook's Graph API %s ends on %s", version, end.Format(time.DateOnly))
}
