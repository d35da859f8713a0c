// Package configtest finds committed stages for tests, wherever they are listed.
package configtest

import "github.com/securecart/identity/config"

// Stage returns the committed stage called name. It panics if there is none, because tables and variants have no test
// to fail.
func Stage(name string) config.Stage {
	stage, err := config.Named(config.Stages(), name)
	if err != nil {
		panic(err)
	}
	return stage
}
