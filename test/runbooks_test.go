package test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/test/threats"
)

// page is the link to a runbook at the end of an alarm's description.
var page = regexp.MustCompile(`\. What to do: docs/runbooks/([a-z-]+)\.md$`)

// recordsLoss matches the alarms on a record of changes that has ended or has gaps.
var recordsLoss = regexp.MustCompile(`-SecurityEvents(Silent|Undelivered|Dropped|RulesFailed[0-9]+)$`)

// pageOf is the runbook that an alarm links to, "" if none.
func pageOf(alarm threats.Resource) string {
	link := page.FindStringSubmatch(alarm.At("AlarmDescription").Text())
	if link == nil {
		alarm.At("AlarmDescription").Fail("names no runbook: %s", alarm.At("AlarmDescription").Text())
		return ""
	}
	return link[1]
}

func TestEveryAlarmNotifiesUnlessItsPageIsQuiet(t *testing.T) {
	quiet := 0
	eachStage(t, func(in *threats.Inspection) {
		for _, alarm := range in.Every(metricAlarm) {
			if slices.Contains(in.Config.Alarms.Quiet, config.Runbook(pageOf(alarm))) {
				quiet++
				alarm.At("AlarmActions").Absent()
				alarm.At("ActionsEnabled").Is(false)
				continue
			}
			topics := []string{"${Operations.AlarmsNotify}"}
			// These also start when the key of the other topics is unusable.
			if recordsLoss.MatchString(alarm.At("AlarmName").Text()) {
				topics = []string{"${Operations.AlarmsFallback}", "${Operations.AlarmsNotify}"}
			}
			alarm.At("AlarmActions").Lists(topics...)
			alarm.At("ActionsEnabled").Is(true)
		}
	})
	if quiet == 0 {
		t.Error("no variant has a quiet page: half of this test checked nothing")
	}
}

func TestEveryAlarmLinksToAPageAndEveryPageHasAnAlarmOrAReason(t *testing.T) {
	led := map[string]bool{}
	eachStage(t, func(in *threats.Inspection) {
		for _, alarm := range slices.Concat(in.Every(metricAlarm), in.Every(compositeAlarm)) {
			led[pageOf(alarm)] = true
		}
	})
	reasons := config.RunbooksWithoutAlarm()
	var want []string
	for _, runbook := range config.Runbooks() {
		name := string(runbook)
		want = append(want, name+".md")
		if reason := reasons[runbook]; (reason == "") != led[name] {
			t.Errorf("docs/runbooks/%s.md: an alarm leads to it: %t, and the reason why none does is %q",
				name, led[name], reason)
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "docs", "runbooks", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, file := range files {
		if name := filepath.Base(file); name != "README.md" {
			got = append(got, name)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages of docs/runbooks (-config +files)\n%s", diff)
	}
}

// sections are what every runbook has, in this order.
var sections = []string{
	"## What it means", "## What customers see", "## First three looks", "## What to do", "## How to know that it is over",
}

func TestEveryRunbookHasItsSections(t *testing.T) {
	for _, runbook := range config.Runbooks() {
		text, err := os.ReadFile(filepath.Join(root, "docs", "runbooks", string(runbook)+".md"))
		if err != nil {
			t.Error(err)
			continue
		}
		var got []string
		for line := range strings.SplitSeq(string(text), "\n") {
			if strings.HasPrefix(line, "## ") {
				got = append(got, line)
			}
		}
		if diff := cmp.Diff(sections, got); diff != "" {
			t.Errorf("%s: sections (-want +got)\n%s", runbook, diff)
		}
		_, looks, _ := strings.Cut(string(text), "## First three looks\n")
		looks, _, _ = strings.Cut(looks, "\n## ")
		for _, number := range []string{"\n1. ", "\n2. ", "\n3. "} {
			if !strings.Contains("\n"+looks, number) {
				t.Errorf("%s: no look %s", runbook, strings.TrimSpace(number))
			}
		}
	}
}
