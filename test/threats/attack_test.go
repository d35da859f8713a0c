package threats

import (
	"strings"
	"testing"
)

func TestEveryAttackIsOneCaseAgainstACheck(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range Attacks() {
		if a.Name == "" || a.Source == "" || a.Tries == "" || a.Stopped == "" || a.vulnerable == nil {
			t.Errorf("%q is not fully described: %+v", a.Name, a)
		}
		if seen[a.Name] {
			t.Errorf("two attacks are called %q", a.Name)
		}
		seen[a.Name] = true
		if threat, found := ByID(a.Threat); !found || !threat.Checked() {
			t.Errorf("%q is stopped by the check of %q, which there is not", a.Name, a.Threat)
		}
	}
	for source, least := range map[string]int{
		cloudGoat: 19, pacuAttack: 8, cognitoScanner: 4, hackUserPools: 15, hackIdentityPools: 6, hackPrivesc: 16,
		hackPersistence: 3, hackGateway: 6,
	} {
		moves := 0
		for _, a := range Attacks() {
			if strings.HasPrefix(a.Source, source) {
				moves++
			}
		}
		if moves < least {
			t.Errorf("%d moves of %s, want %d", moves, source, least)
		}
	}
}
