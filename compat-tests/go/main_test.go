// Tests of Fanlight through the AWS SDK for Go v2.
package compat

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"fanlight.test/compat/support"
)

var (
	// One server for the run; each test has an account of its own.
	shared *support.Server
	// Its clock stands still until a test moves it.
	steered *support.Server
)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) (code int) {
	forgetAWS()
	for _, server := range []**support.Server{&shared, &steered} {
		started, err := support.Start()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
		*server = started
		defer func() {
			if err := started.Stop(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				code = 1
			}
		}()
	}
	if err := steered.Freeze(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	return m.Run()
}

// What the user of this machine has set for AWS must not change what is tested, nor may anything be asked of a
// metadata service.
func forgetAWS() {
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
			os.Unsetenv(name)
		}
	}
	os.Setenv("AWS_CONFIG_FILE", os.DevNull)
	os.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	os.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}
