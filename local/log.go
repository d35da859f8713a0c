package local

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// journal writes what happens, a line at a time: for people, or each line a JSON object. A line has no query and of a
// body only who is named and which operation: everything else may be a token, a password or a code.
type journal struct {
	mutex sync.Mutex
	to    io.Writer
	json  bool
}

// entry is one request.
type entry struct {
	Time    time.Time `json:"time"`
	Service string    `json:"service"`
	Method  string    `json:"method"`
	// What is the operation of an AWS service, else the path.
	What   string `json:"what"`
	Status int    `json:"status"`
	// Error is the code that an AWS service refuses with.
	Error string `json:"error,omitempty"`
	// Who is whom the request names, proven or not: a user name, the subject of a token, the holder of AWS credentials.
	Who string `json:"who,omitempty"`
	// Milliseconds until the answer was written.
	Milliseconds float64 `json:"ms"`
}

func (e entry) String() string {
	status := fmt.Sprint(e.Status)
	if e.Error != "" {
		status += " " + e.Error
	}
	who := e.Who
	if who == "" {
		who = "-"
	}
	return fmt.Sprintf("%s %-5s %-7s %-34s %s  %s  %.0f ms",
		e.Time.Format(time.TimeOnly), e.Service, e.Method, e.What, status, who, e.Milliseconds)
}

func (j *journal) request(e entry) {
	if !j.json {
		j.line(e.String())
		return
	}
	j.object(e)
}

// Write takes what parts of the stage print: "orders | {…}" is what the function orders has logged.
func (j *journal) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		line = strings.TrimSuffix(line, "\n")
		source, text, found := strings.Cut(line, " | ")
		if !found || strings.Contains(source, " ") {
			source, text = "", line
		}
		var fields map[string]any
		logged := json.Unmarshal([]byte(text), &fields) == nil
		switch {
		case j.json && logged:
			fields["source"] = source
			j.object(fields)
		case j.json:
			j.object(map[string]any{"time": time.Now(), "source": source, "message": text})
		case logged && fields["msg"] == "request" && fields["level"] == "INFO":
			// The function says of its request what the request's own line says.
		case logged:
			j.line(time.Now().Format(time.TimeOnly) + " " + source + " | " + readable(fields))
		default:
			j.line(line)
		}
	}
	return len(p), nil
}

// readable is what a function has logged, without the time.
func readable(fields map[string]any) string {
	text := fmt.Sprintf("%v %v", fields["level"], fields["msg"])
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if name != "level" && name != "msg" && name != "time" {
			text += fmt.Sprintf(" %s=%v", name, fields[name])
		}
	}
	return text
}

func (j *journal) object(value any) {
	text, err := json.Marshal(value)
	if err != nil {
		text = fmt.Appendf(nil, "%q", err.Error())
	}
	j.line(string(text))
}

// line writes one line. Nobody could be told that it failed.
func (j *journal) line(text string) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	fmt.Fprintln(j.to, text)
}

// longestBody is how much of a body is looked at for who is named, in bytes.
const longestBody = 64 << 10

// logged writes a line for each request to a service, but for those that only load or poll a page.
func (s *Server) logged(service string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		e := entry{Time: started, Service: service, Method: r.Method, What: r.URL.EscapedPath()}
		target := r.Header.Get("X-Amz-Target")
		if target != "" {
			e.What = printable(target[strings.LastIndexByte(target, '.')+1:])
		}
		body := &beginning{}
		if target != "" || strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
			r.Body = struct {
				io.Reader
				io.Closer
			}{io.TeeReader(r.Body, body), r.Body}
		}
		answer := &watched{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(answer, r)
		if page := service == "shop" || service == "inbox"; page && answer.status < http.StatusBadRequest {
			return
		}
		// Services end the error's name with a colon, and some add an address.
		name, _, _ := strings.Cut(w.Header().Get("x-amzn-ErrorType"), ":")
		e.Status, e.Error = answer.status, name
		e.Milliseconds = float64(time.Since(started).Microseconds()) / 1000
		e.Who = s.named(r, body, &e)
		s.journal.request(e)
	})
}

// named is whom a request names. Of forms it also learns the operation.
func (s *Server) named(r *http.Request, body *beginning, e *entry) string {
	authorization := r.Header.Get("Authorization")
	if _, credential, signed := strings.Cut(authorization, "Credential="); signed {
		id, _, _ := strings.Cut(credential, "/")
		return printable(s.parts.store.Holder(id))
	}
	if sub := subject(strings.TrimPrefix(authorization, "Bearer ")); sub != "" {
		return sub
	}
	if r.Header.Get("X-Amz-Target") != "" {
		var request struct {
			Username, AccessToken              string
			AuthParameters, ChallengeResponses struct{ USERNAME string }
		}
		_ = json.Unmarshal(body.Bytes(), &request) // what is no JSON names nobody
		for _, name := range []string{
			request.Username, request.AuthParameters.USERNAME, request.ChallengeResponses.USERNAME, subject(request.AccessToken),
		} {
			if name != "" {
				return printable(name)
			}
		}
		return ""
	}
	form, err := url.ParseQuery(body.String())
	if err != nil {
		return ""
	}
	if action := form.Get("Action"); action != "" {
		e.What = printable(action)
	}
	return printable(form.Get("username"))
}

// subject is the claim sub of a token, whose signature is not checked: a log says who was named, not who it was.
func subject(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return ""
	}
	var claims struct{ Sub string }
	_ = json.Unmarshal(payload, &claims) // what is no JSON has no subject
	return printable(claims.Sub)
}

// printable keeps others from writing lines, or moving a terminal's cursor.
func printable(text string) string {
	const longest = 80
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
	if len(text) > longest {
		text = text[:longest] + "…"
	}
	return text
}

// beginning keeps the beginning of a body.
type beginning struct{ bytes.Buffer }

func (b *beginning) Write(p []byte) (int, error) {
	_, _ = b.Buffer.Write(p[:min(len(p), longestBody-b.Len())]) // never fails, see its documentation
	return len(p), nil
}

// watched remembers the status of an answer.
type watched struct {
	http.ResponseWriter
	status int
}

func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
