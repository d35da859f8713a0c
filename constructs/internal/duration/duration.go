// Package duration creates each CDK duration once per process: creating one is a call to the jsii kernel, and all
// stages use the same few.
package duration

import (
	"sync"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

var (
	seconds = once(awscdk.Duration_Seconds)
	minutes = once(awscdk.Duration_Minutes)
	hours   = once(awscdk.Duration_Hours)
	days    = once(awscdk.Duration_Days)
)

// Seconds lasts n seconds.
func Seconds(n int) awscdk.Duration { return seconds(n) }

// Minutes lasts n minutes.
func Minutes(n int) awscdk.Duration { return minutes(n) }

// Hours lasts n hours.
func Hours(n int) awscdk.Duration { return hours(n) }

// Days lasts n days.
func Days(n int) awscdk.Duration { return days(n) }

// once creates each duration on first use.
func once(of func(*float64) awscdk.Duration) func(int) awscdk.Duration {
	var lock sync.Mutex
	made := map[int]awscdk.Duration{}
	return func(n int) awscdk.Duration {
		lock.Lock()
		defer lock.Unlock()
		if made[n] == nil {
			made[n] = of(jsii.Number(n))
		}
		return made[n]
	}
}
