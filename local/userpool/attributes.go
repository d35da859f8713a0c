package userpool

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/securecart/identity/internal/deployed"
)

// standard are the attributes that every user pool has.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
var standard = []string{
	"address", "birthdate", "email", "family_name", "gender", "given_name", "locale", "middle_name", "name", "nickname",
	"phone_number", "picture", "preferred_username", "profile", "updated_at", "website", "zoneinfo",
}

// verifiedFlag names the attribute that says whether another one is verified. Cognito and administrators set it.
var verifiedFlag = map[string]string{"email": "email_verified", "phone_number": "phone_number_verified"}

func isFlag(attribute string) bool {
	return attribute == "email_verified" || attribute == "phone_number_verified"
}

func isAttribute(pool deployed.UserPool, name string) bool {
	if slices.Contains(standard, name) || isFlag(name) || name == "sub" {
		return true
	}
	return slices.ContainsFunc(pool.Schema, func(a deployed.Attribute) bool { return attributeName(a) == name })
}

// attributeName returns the name that users give an attribute of the schema: custom attributes have a prefix.
func attributeName(a deployed.Attribute) string {
	if slices.Contains(standard, a.Name) {
		return a.Name
	}
	return "custom:" + a.Name
}

// readable tells whether a client's tokens and calls show an attribute. They always show who the user is.
func readable(client deployed.UserPoolClient, attribute string) bool {
	return attribute == "sub" || attribute == "identities" || slices.Contains(client.ReadAttributes, attribute)
}

// writable refuses attributes that a client may not write.
func writable(client deployed.UserPoolClient, attributes map[string]string) error {
	for name := range attributes {
		if isFlag(name) || !slices.Contains(client.WriteAttributes, name) {
			return notAuthorized("A client attempted to write unauthorized attribute")
		}
	}
	return nil
}

// longestValue bounds a string attribute, in characters, unless the schema does.
const longestValue = 2048

// lengths returns the bounds of a value, in characters.
func lengths(a deployed.Attribute) (shortest, longest int, err error) {
	longest = longestValue
	constraints := a.StringAttributeConstraints
	var errs [2]error
	if constraints.MinLength != "" {
		shortest, errs[0] = strconv.Atoi(constraints.MinLength)
	}
	if constraints.MaxLength != "" {
		longest, errs[1] = strconv.Atoi(constraints.MaxLength)
	}
	return shortest, longest, errors.Join(errs[:]...)
}

// fits tells whether a value has a length that the schema allows.
func fits(value string, schema deployed.Attribute) bool {
	// understand has checked the schema at start.
	shortest, longest, _ := lengths(schema)
	characters := utf8.RuneCountInString(value)
	return value == "" || characters >= shortest && characters <= longest
}

var (
	emailFormat = regexp.MustCompile(`^[^\s@<>()\[\]\\,;:"]+@[^\s@<>()\[\]\\,;:"]+\.[^\s@<>()\[\]\\,;:".]+$`)
	phoneFormat = regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`)
)

// valid refuses unknown attributes, malformed values, and changes of immutable attributes. An empty value removes an
// attribute.
func (p *Pool) valid(attributes map[string]string, isNew bool) error {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		value := attributes[name]
		schema := p.schema(name)
		switch {
		case name == "sub":
			return invalidParameter("Cannot modify an immutable attribute: sub")
		case !isAttribute(p.pool, name):
			return invalidParameter("Attributes did not conform to the schema: Type for attribute {%s} could not be determined",
				name)
		case !isNew && !schema.Mutable:
			return invalidParameter("user.%s: Attribute cannot be updated.", name)
		case value == "" && (schema.Required || name == "email"):
			return invalidParameter("Attributes did not conform to the schema: %s: The attribute is required", name)
		case !utf8.ValidString(value) || !fits(value, schema):
			return invalidParameter("Attributes did not conform to the schema: %s: String is too short or too long", name)
		case name == "email" && value != "" && !emailFormat.MatchString(value):
			return invalidParameter("Invalid email address format.")
		case name == "phone_number" && value != "" && !phoneFormat.MatchString(value):
			return invalidParameter("Invalid phone number format.")
		case isFlag(name) && value != "true" && value != "false":
			return invalidParameter("%s must be true or false.", name)
		}
	}
	return nil
}

// complete refuses a new user without a required attribute.
func (p *Pool) complete(attributes map[string]string) error {
	var missing []string
	for _, attribute := range p.pool.Schema {
		if name := attributeName(attribute); attribute.Required && attributes[name] == "" {
			missing = append(missing, name+": The attribute is required")
		}
	}
	if missing != nil {
		return invalidParameter("Attributes did not conform to the schema: %s", strings.Join(missing, ", "))
	}
	return nil
}

// schema returns the pool's definition of an attribute. A standard attribute without one is optional and mutable.
func (p *Pool) schema(name string) deployed.Attribute {
	for _, attribute := range p.pool.Schema {
		if attributeName(attribute) == name {
			return attribute
		}
	}
	return deployed.Attribute{Name: name, Mutable: true}
}

// store writes valid values. A changed address or number becomes unverified, and its former codes void.
func (p *Pool) store(u *user, attributes map[string]string) error {
	if email, ok := attributes["email"]; ok && email != u.attributes["email"] {
		if err := p.setEmail(u, email); err != nil {
			return err
		}
		u.attributes["email_verified"] = "false"
		u.forgetCodes(forAttribute+"email", forSignUp, forPassword)
	}
	if phone, ok := attributes["phone_number"]; ok && phone != u.attributes["phone_number"] {
		u.attributes["phone_number_verified"] = "false"
		u.forgetCodes(forAttribute + "phone_number")
		if phone == "" {
			delete(u.attributes, "phone_number_verified")
			u.factors.disable(smsMFA)
		}
	}
	for name, value := range attributes {
		if value == "" {
			delete(u.attributes, name)
			continue
		}
		u.attributes[name] = value
	}
	u.modified = p.now()
	return nil
}

// shown returns the attributes that a client may read.
func shown(client deployed.UserPoolClient, attributes map[string]string) map[string]string {
	visible := maps.Clone(attributes)
	maps.DeleteFunc(visible, func(name, _ string) bool { return !readable(client, name) })
	return visible
}
