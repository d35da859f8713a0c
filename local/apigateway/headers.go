package apigateway

import (
	"net/http"
	"regexp"
	"strings"
)

// headerName is a field name of RFC 9110.
var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// isHeaderValue reports whether a text can be a field value. With control characters its writer could inject another
// header or response.
func isHeaderValue(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// Both tables are the column "lambda" of "headers that may be dropped, remapped, or otherwise modified" in
// api-gateway-known-issues.html. Names are canonical.

// droppedRequestHeaders do not reach functions. Transfer-Encoding, for which the table says "Exception", is the
// server's own.
var droppedRequestHeaders = map[string]bool{
	"Connection": true, "Content-Md5": true, "Expect": true, "Max-Forwards": true, "Proxy-Authenticate": true,
	"Server": true, "Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true, "Www-Authenticate": true,
	// "in order to pass the header to the backend, the header needs to be added to the integration request"
	"X-Http-Method-Override": true,
}

// responseHeaders are headers of functions that do not reach callers under their own name. Those with an empty name are
// dropped.
var responseHeaders = map[string]string{
	"Authorization": remapped, "Connection": remapped, "Content-Md5": remapped, "Date": remapped, "Max-Forwards": remapped,
	"Server": remapped, "User-Agent": remapped, "Www-Authenticate": remapped,
	"Expect": "", "Host": "", "Proxy-Authenticate": "", "Te": "", "Trailer": "", "Transfer-Encoding": "",
	"Upgrade": "", "Via": "",
	// The server sets its own value; a wrong one would truncate the body.
	"Content-Length": "",
}

const remapped = "X-Amzn-Remapped-"

// responseHeader is the name under which a function's header reaches the caller, empty if it does not.
func responseHeader(name string) string {
	prefix, listed := responseHeaders[name]
	switch {
	case !listed:
		return name
	case prefix == "":
		return ""
	default:
		return http.CanonicalHeaderKey(prefix + name)
	}
}
