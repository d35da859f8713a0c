package alarm

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// The measures of a dashboard: it has 24 columns.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
const (
	columns     = 24
	graphWidth  = 8
	graphHeight = 6
)

// addDashboard makes the stage's dashboard, called like the stage.
func addDashboard(scope constructs.Construct, props Props, alarms []definition) {
	stack := awscdk.Stack_Of(scope)
	region := *stack.Region()
	const placeholder = "ALARM"
	arn := *stack.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("cloudwatch"), Resource: jsii.String("alarm"), ResourceName: jsii.String(placeholder),
		ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
	named := func(id string) string { return strings.TrimSuffix(arn, placeholder) + props.name(id) }

	board := layout{}
	board.full("alarm", map[string]any{
		"title": "Customers cannot", "alarms": []string{named("CannotSignIn"), named("CannotBuy")},
	}, 2)
	for _, row := range props.Watched.rows(region, alarms) {
		board.full("text", map[string]any{"markdown": "## " + row.title}, 1)
		if len(row.alarms) > 0 {
			states := make([]string, 0, len(row.alarms))
			for _, id := range row.alarms {
				states = append(states, named(id))
			}
			board.full("alarm", map[string]any{"title": "Alarms", "alarms": states}, 3)
		}
		for _, graph := range row.graphs {
			board.graph(graph, region)
		}
	}
	body, err := json.Marshal(map[string]any{"widgets": board.widgets})
	if err != nil {
		panic(err) // maps, lists and texts always encode
	}
	awscloudwatch.NewCfnDashboard(scope, jsii.String("Dashboard"), &awscloudwatch.CfnDashboardProps{
		DashboardName: jsii.String(props.StageID), DashboardBody: jsii.String(string(body)),
	})
}

// layout places widgets from left to right, and from the top down.
type layout struct {
	widgets []any
	x, y    int
}

// full places a widget over the whole width.
func (l *layout) full(kind string, properties map[string]any, height int) {
	if l.x > 0 {
		l.x, l.y = 0, l.y+graphHeight
	}
	l.place(kind, properties, columns, height)
	l.y += height
}

// graph places a widget beside the one before, or below it.
func (l *layout) graph(g graph, region string) {
	if l.x+graphWidth > columns {
		l.x, l.y = 0, l.y+graphHeight
	}
	lines := make([]any, 0, len(g.series))
	for _, m := range g.series {
		line := []any{m.namespace, m.name}
		for _, d := range m.dimensions {
			line = append(line, d[0], d[1])
		}
		lines = append(lines, append(line, map[string]any{"stat": m.statistic, "label": m.id}))
	}
	l.place("metric", map[string]any{
		"title": g.title, "region": region, "view": "timeSeries", "period": 300, "metrics": lines,
	}, graphWidth, graphHeight)
	l.x += graphWidth
}

func (l *layout) place(kind string, properties map[string]any, width, height int) {
	l.widgets = append(l.widgets, map[string]any{
		"type": kind, "x": l.x, "y": l.y, "width": width, "height": height, "properties": properties,
	})
}
