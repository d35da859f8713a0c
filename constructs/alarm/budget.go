package alarm

import (
	"encoding/json"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbudgets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsce"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// stageTag is the tag by which a stage's costs are told from those of others.
const stageTag = "stage"

// The principals as which AWS Budgets and Cost Anomaly Detection publish.
// https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
// https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html
const (
	budgetsService   = "budgets.amazonaws.com"
	anomaliesService = "costalerts.amazonaws.com"
)

// addBudget makes the stage's monthly budget, which notifies a topic when four fifths are spent, and when the month's
// forecast exceeds it. By tag it counts this stage only, and an anomaly monitor watches the same costs. Otherwise it
// counts the whole account, for which AWS makes a monitor itself.
func addBudget(scope constructs.Construct, props Props, topic string) {
	budget := props.Alarms.Budget
	data := &awsbudgets.CfnBudget_BudgetDataProperty{
		BudgetName: jsii.String(props.StageID), BudgetType: jsii.String("COST"), TimeUnit: jsii.String("MONTHLY"),
		BudgetLimit: &awsbudgets.CfnBudget_SpendProperty{
			Amount: jsii.Number(budget.MonthlyUSD), Unit: jsii.String("USD"),
		},
	}
	if budget.ByTag {
		data.CostFilters = map[string]any{"TagKeyValue": []string{"user:" + stageTag + "$" + props.StageName}}
	}
	subscribers := []any{&awsbudgets.CfnBudget_SubscriberProperty{
		SubscriptionType: jsii.String("SNS"), Address: jsii.String(topic),
	}}
	notification := func(kind string, percent int) any {
		return &awsbudgets.CfnBudget_NotificationWithSubscribersProperty{
			Notification: &awsbudgets.CfnBudget_NotificationProperty{
				NotificationType: jsii.String(kind), ComparisonOperator: jsii.String("GREATER_THAN"),
				Threshold: jsii.Number(percent), ThresholdType: jsii.String("PERCENTAGE"),
			},
			Subscribers: subscribers,
		}
	}
	awsbudgets.NewCfnBudget(scope, jsii.String("Budget"), &awsbudgets.CfnBudgetProps{
		Budget:                       data,
		NotificationsWithSubscribers: []any{notification("ACTUAL", 80), notification("FORECASTED", 100)},
	})
	if budget.ByTag {
		addAnomalies(scope, props, topic)
	}
}

// addAnomalies makes AWS look for unusual costs of the stage. It notifies people from a tenth of the budget on.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalyMonitor.html
func addAnomalies(scope constructs.Construct, props Props, topic string) {
	monitor := awsce.NewCfnAnomalyMonitor(scope, jsii.String("AnomalyMonitor"), &awsce.CfnAnomalyMonitorProps{
		MonitorName: jsii.String(props.StageID), MonitorType: jsii.String("CUSTOM"),
		MonitorSpecification: encode(map[string]any{
			"Tags": map[string]any{"Key": "user:" + stageTag, "Values": []string{props.StageName}},
		}),
	})
	awsce.NewCfnAnomalySubscription(scope, jsii.String("AnomalySubscription"), &awsce.CfnAnomalySubscriptionProps{
		SubscriptionName: jsii.String(props.StageID), Frequency: jsii.String("IMMEDIATE"),
		MonitorArnList: &[]any{monitor.AttrMonitorArn()},
		Subscribers: []any{&awsce.CfnAnomalySubscription_SubscriberProperty{
			Type: jsii.String("SNS"), Address: jsii.String(topic),
		}},
		ThresholdExpression: encode(map[string]any{"Dimensions": map[string]any{
			"Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "MatchOptions": []string{"GREATER_THAN_OR_EQUAL"},
			"Values": []string{strconv.Itoa(max(1, props.Alarms.Budget.MonthlyUSD/10))},
		}}),
	})
}

func encode(expression map[string]any) *string {
	text, err := json.Marshal(expression)
	if err != nil {
		panic(err) // maps, lists and texts always encode
	}
	return jsii.String(string(text))
}

// publishers are the services beside CloudWatch that publish to the topic notify, each with the condition that it acts
// for this account.
func (p Props) publishers(stack awscdk.Stack) map[string]map[string]any {
	here := map[string]any{"aws:SourceAccount": stack.Account()}
	publishers := map[string]map[string]any{budgetsService: {
		"StringEquals": here,
		"ArnLike": map[string]any{"aws:SourceArn": stack.FormatArn(&awscdk.ArnComponents{
			Service:   jsii.String("budgets"),
			Region:    jsii.String(""),
			Resource:  jsii.String("*"),
			ArnFormat: awscdk.ArnFormat_NO_RESOURCE_NAME,
		})},
	}}
	if p.Alarms.Budget.ByTag {
		publishers[anomaliesService] = map[string]any{"StringEquals": here}
	}
	return publishers
}
