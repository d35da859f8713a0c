package test

import (
	"encoding/json"
	"fmt"
	"maps"
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

// widget is a widget of a dashboard.
type widget struct {
	Type                string
	X, Y, Width, Height int
	Properties          struct {
		Title, Markdown, Region string
		Alarms                  []string
		Metrics                 [][]any
	}
}

// widgets are the widgets of the stage's dashboard.
func widgets(in *threats.Inspection) []widget {
	dashboard := in.Only("AWS::CloudWatch::Dashboard")
	dashboard.At("DashboardName").Is(in.ID)
	var body struct{ Widgets []widget }
	if err := json.Unmarshal([]byte(dashboard.At("DashboardBody").Text()), &body); err != nil {
		dashboard.Fail("has a body that cannot be read: %v", err)
	}
	return body.Widgets
}

func TestTheDashboardShowsTheSixQuestions(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		var rows []string
		graphs := map[string]int{}
		taken := map[[2]int]bool{}
		for _, w := range widgets(in) {
			for x := w.X; x < w.X+w.Width; x++ {
				for y := w.Y; y < w.Y+w.Height; y++ {
					if taken[[2]int{x, y}] || x >= 24 {
						in.Fail(in.ID, "the %s %q lies on another widget, or beyond the edge", w.Type, w.Properties.Title)
					}
					taken[[2]int{x, y}] = true
				}
			}
			switch w.Type {
			case "text":
				rows = append(rows, strings.TrimPrefix(w.Properties.Markdown, "## "))
			case "metric":
				graphs[rows[len(rows)-1]]++
				showsPublishedMetrics(in, w)
			}
		}
		want := []string{"Sign-in", "Checkout", "Errors", "Latency", "Cost drivers", "Quotas"}
		if diff := cmp.Diff(want, rows); diff != "" {
			in.Fail(in.ID, "rows (-want +got)\n%s", diff)
		}
		for _, row := range rows {
			if graphs[row] < 2 {
				in.Fail(in.ID, "the row %s has %d graphs", row, graphs[row])
			}
		}
	})
}

// showsPublishedMetrics expects a graph to show metrics that AWS publishes, in the stage's Region.
func showsPublishedMetrics(in *threats.Inspection, w widget) {
	if w.Properties.Region != in.Config.Region || len(w.Properties.Metrics) == 0 {
		in.Fail(in.ID, "%q shows %d metrics of %q", w.Properties.Title, len(w.Properties.Metrics), w.Properties.Region)
	}
	for _, line := range w.Properties.Metrics {
		key := fmt.Sprint(line[0], " ", line[1])
		var dimensions []string
		for i := 2; i+1 < len(line); i += 2 {
			dimensions = append(dimensions, line[i].(string))
		}
		slices.Sort(dimensions)
		if len(dimensions) > 0 {
			key += " " + strings.Join(dimensions, " ")
		}
		if published[key] == "" && shown[key] == "" {
			in.Fail(in.ID, "%q shows %q, which nobody publishes", w.Properties.Title, key)
		}
	}
}

// shown are the metrics that dashboards show and no alarm reads.
var shown = map[string]string{
	"AWS/DynamoDB ConsumedReadCapacityUnits TableName":  tableMetrics,
	"AWS/DynamoDB ConsumedWriteCapacityUnits TableName": tableMetrics,
}

// savedQuery is the form in which a runbook names a saved query.
var savedQuery = regexp.MustCompile("`([a-z]+(?:-[a-z]+)+)`")

func TestEverySavedQueryIsInARunbook(t *testing.T) {
	named := map[string]bool{}
	for _, runbook := range config.Runbooks() {
		text, err := os.ReadFile(filepath.Join(root, "docs", "runbooks", string(runbook)+".md"))
		if err != nil {
			t.Fatal(err)
		}
		_, looks, _ := strings.Cut(string(text), "## First three looks\n")
		looks, _, _ = strings.Cut(looks, "\n## ")
		found := savedQuery.FindAllStringSubmatch(looks, -1)
		if len(found) == 0 {
			t.Errorf("%s names no saved query", runbook)
		}
		for _, match := range found {
			named[match[1]] = true
		}
	}
	eachStage(t, func(in *threats.Inspection) {
		var saved []string
		for _, query := range in.Every("AWS::Logs::QueryDefinition") {
			folder, name, _ := strings.Cut(query.At("Name").Text(), "/")
			saved = append(saved, name)
			if folder != in.ID {
				query.Fail("is in the folder %q, want the stage's", folder)
			}
			for _, group := range query.At("LogGroupNames").Texts() {
				if !hasLog(in, group) {
					query.Fail("asks %s, which is no log group of the stage", group)
				}
			}
			if !strings.Contains(query.At("QueryString").Text(), "|") {
				query.At("QueryString").Fail("is no query")
			}
		}
		slices.Sort(saved)
		if got := slices.Sorted(maps.Keys(named)); !slices.Equal(got, saved) || len(saved) != 10 {
			in.Fail(in.ID, "saves the queries %v, and runbooks name %v, want the same ten", saved, got)
		}
	})
}

// hasLog reports whether a log group of the stage has this name or reference.
func hasLog(in *threats.Inspection, name string) bool {
	return slices.ContainsFunc(in.Every("AWS::Logs::LogGroup"), func(group threats.Resource) bool {
		given := group.At("LogGroupName")
		return group.Ref() == name || (given.Got != nil && given.Text() == name)
	})
}

func TestABudgetNotifiesTheTopic(t *testing.T) {
	const topic = "${Operations.AlarmsNotify}"
	eachStage(t, func(in *threats.Inspection) {
		budget, cfg := in.Only("AWS::Budgets::Budget"), in.Config.Alarms.Budget
		data := budget.At("Budget")
		data.At("BudgetType").Is("COST")
		data.At("TimeUnit").Is("MONTHLY")
		data.At("BudgetName").Is(in.ID)
		data.At("BudgetLimit", "Amount").Is(cfg.MonthlyUSD)
		for i, notification := range []struct {
			kind string
			from int
		}{{"ACTUAL", 80}, {"FORECASTED", 100}} {
			of := budget.At("NotificationsWithSubscribers", i)
			of.At("Notification", "NotificationType").Is(notification.kind)
			of.At("Notification", "Threshold").Is(notification.from)
			of.At("Subscribers", 0, "Address").Reads(topic)
		}
		if !cfg.ByTag {
			data.At("CostFilters").Absent()
			in.None("AWS::CE::AnomalyMonitor", "AWS::CE::AnomalySubscription")
			return
		}
		data.At("CostFilters", "TagKeyValue").Lists("user:stage$" + in.Config.Name)
		monitored := `{"Tags":{"Key":"user:stage","Values":["` + in.Config.Name + `"]}}`
		in.Only("AWS::CE::AnomalyMonitor").At("MonitorSpecification").Is(monitored)
		subscription := in.Only("AWS::CE::AnomalySubscription")
		subscription.At("Frequency").Is("IMMEDIATE")
		subscription.At("Subscribers", 0, "Address").Reads(topic)
	})
}
