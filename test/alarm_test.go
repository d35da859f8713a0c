package test

import "testing"

// ofTheAlarm is the condition that is true of what CloudWatch does for the alarm on SMS, and of nothing else.
func (s stageOf) ofTheAlarm() string {
	return " if ArnLike aws:SourceArn arn:aws:cloudwatch:" + s.config.Region + ":" + s.account() + ":alarm:SecureCart-" + s.config.Name + "-UserPool-SmsSpend" +
		" and StringEquals aws:SourceAccount " + s.account()
}

func TestSpendingOnSMSAlarmsWhereverSMSAreSent(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		if !s.config.Users.SendsSMS() {
			for _, typ := range []string{"AWS::CloudWatch::Alarm", "AWS::SNS::Topic", "AWS::SNS::Subscription"} {
				s.none(t, typ, "it would watch what the stage never does")
			}
			return
		}
		alarm := s.only(t, "AWS::CloudWatch::Alarm")
		for property, expected := range map[string]any{
			"AlarmName": "SecureCart-" + s.config.Name + "-UserPool-SmsSpend",
			"Namespace": "AWS/SNS", "MetricName": "SMSMonthToDateSpentUSD", "Dimensions": nil, "Statistic": "Maximum", "Period": 300.0,
			"EvaluationPeriods": 1.0, "Threshold": float64(s.config.Alarms.SMSSpendUSD), "ComparisonOperator": "GreaterThanThreshold",
			"TreatMissingData": "notBreaching", "ActionsEnabled": true,
		} {
			want(t, alarm, expected, "codes could be sent at the shop's cost for a month before anybody sees the bill", property)
		}
		compare(t, alarm.strings(t, "AlarmActions"), []string{"${UserPool.SmsSpendTopic}"}, "the alarm would tell nobody")
	})
}

func TestAlarmsReachTheStagesAddressAndComeFromTheAlarmOnly(t *testing.T) {
	heard := 0
	eachStage(t, func(t *testing.T, s stageOf) {
		if !s.config.Users.SendsSMS() {
			return
		}
		topic := s.only(t, "AWS::SNS::Topic")
		if got := topic.text(t, "KmsMasterKeyId"); got != "${UserPool.LogKey}" {
			t.Errorf("%s is encrypted with %s", topic, got)
		}
		policy := s.only(t, "AWS::SNS::TopicPolicy")
		compare(t, policy.strings(t, "Topics"), []string{"${UserPool.SmsSpendTopic}"}, "the policy would be that of another topic")
		compare(t, policy.statements(t, "PolicyDocument"), []string{
			"Allow sns:Publish to Service cloudwatch.amazonaws.com on ${UserPool.SmsSpendTopic}" + s.ofTheAlarm(),
			"Deny sns:Publish to AWS * on ${UserPool.SmsSpendTopic} if Bool aws:SecureTransport false",
		}, "others could raise an alarm, or the alarm could not")
		if s.config.Alarms.Email == "" {
			s.none(t, "AWS::SNS::Subscription", "nobody is configured to hear")
			return
		}
		heard++
		subscription := s.only(t, "AWS::SNS::Subscription")
		want(t, subscription, "email", "the alarm would go elsewhere", "Protocol")
		want(t, subscription, s.config.Alarms.Email, "the alarm would go elsewhere", "Endpoint")
		if got := subscription.text(t, "TopicArn"); got != "${UserPool.SmsSpendTopic}" {
			t.Errorf("%s subscribes to %s", subscription, got)
		}
	})
	if heard == 0 {
		t.Error("no stage tells anybody: this test would prove nothing")
	}
}
