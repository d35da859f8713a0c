package customer

// subLength is that of a UUID: 32 hexadecimal digits and 4 dashes.
const subLength = 36

// IsSub tells whether text can be a customer's sub, which is the key of every table that holds anything of a customer:
// a lower-case UUID, of no particular version, as Cognito writes a sub. Upper case is refused because it would be a
// second name, with other rows, for the same customer.
//
// A compiled pattern would take a function longer than all else that it does before its first event.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
func IsSub(text string) bool {
	if len(text) != subLength {
		return false
	}
	for i := range subLength {
		switch i {
		case 8, 13, 18, 23:
			if text[i] != '-' {
				return false
			}
		default:
			if !isDigit(text[i]) {
				return false
			}
		}
	}
	return true
}

// isDigit tells whether b is a lower-case hexadecimal digit.
func isDigit(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' }
