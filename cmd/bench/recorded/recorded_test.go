package recorded

import "testing"

func TestARecordedLoadReadsThePackageInItsModule(t *testing.T) {
	const calls = `{"api":"load","name":"@cdk/schema","version":"5.6.0","tarball":"/tmp/schema-1.tgz"}
{"api":"create","fqn":"aws-cdk-lib.App","args":["{\"api\":\"load\",<>"]}
{"exit":0}
`
	const want = `{"api":"load","name":"@cdk/schema","version":"5.6.0","tarball":"/module/jsii/cdk-schema-5.6.0.tgz"}
{"api":"create","fqn":"aws-cdk-lib.App","args":["{\"api\":\"load\",<>"]}
{"exit":0}
`
	tarballs := map[string]string{"cdk-schema-5.6.0.tgz": "/module/jsii/cdk-schema-5.6.0.tgz"}
	got, err := WithTarballs([]byte(calls), tarballs)
	if err != nil || string(got) != want {
		t.Errorf("got %v and\n%s\nwant\n%s", err, got, want)
	}
}

func TestARecordedLoadOfAnUnknownPackageIsAnError(t *testing.T) {
	for call, want := range map[string]string{
		`{"api":"load","name":"constructs","version":"1.2.3","tarball":"/tmp/constructs-1.tgz"}`: "no Go module of the " +
			"app has jsii/constructs-1.2.3.tgz, which the recorded synth loads",
		`{"api":"load",`: `read the recorded call {"api":"load",: unexpected end of JSON input`,
	} {
		if got, err := WithTarballs([]byte(call), nil); err == nil || err.Error() != want {
			t.Errorf("%s: got %q and error %v, want %q", call, got, err, want)
		}
	}
}
