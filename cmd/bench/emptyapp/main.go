// Command emptyapp is the smallest CDK app: one stack with one resource. The bench compares the real app with it.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	awssns.NewCfnTopic(awscdk.NewStack(app, jsii.String("Empty"), nil), jsii.String("Topic"), nil)
	app.Synth(nil)
}
