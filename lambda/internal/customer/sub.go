package customer

// subLength is the length of a UUID: 32 hexadecimal digits and 4 dashes.
const subLength = 36

// IsSub reports whether text can be a customer's sub, the key of all customer data: a lower-case UUID of any version,
// as Cognito writes it. Upper case is refused because it would be a second key, with other rows, for the same customer.
//
// Compiling a pattern would take longer than the rest of a function's start.
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

// isDigit reports whether b is a lower-case hexadecimal digit.
func isDigit(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' }
