package check

import (
	"testing"
	"time"
)

func TestFacebooksVersionIsToldInTime(t *testing.T) {
	end := facebookExpiries["v21.0"]
	for name, test := range map[string]struct {
		version string
		now     time.Time
		want    Status
	}{
		"long before":      {"v21.0", end.Add(-facebookNotice), OK},
		"half a year left": {"v21.0", end.Add(-facebookNotice + time.Second), Warning},
		"the last second":  {"v21.0", end.Add(-time.Second), Warning},
		"ended":            {"v21.0", end, Failure},
		"no end known":     {"v26.0", end, OK},
		"unknown":          {"v1.0", end, Warning},
	} {
		if got := facebook(test.version, test.now); got.Status != test.want || (got.Remedy == "") != (test.want == OK) {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
