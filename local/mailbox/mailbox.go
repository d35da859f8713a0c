// Package mailbox keeps what a user pool would send by e-mail and SMS, and shows it: as a page, as JSON, and as one
// line per message. It sends nothing.
package mailbox

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// capacity is how many messages are kept. Older ones are dropped, so that a load test does not fill the memory.
const capacity = 1000

// Channels of messages.
const (
	Email = "EMAIL"
	SMS   = "SMS"
)

// Message is one e-mail or SMS.
type Message struct {
	// To is an e-mail address or a phone number.
	To string `json:"to"`
	// Channel is Email or SMS.
	Channel string `json:"channel"`
	// Subject is that of an e-mail.
	Subject string `json:"subject,omitempty"`
	// Body is what the template says, which may be HTML.
	Body string `json:"body"`
	// Code is what is to be entered: a code, or a temporary password.
	Code string `json:"code"`
	// At is when it was delivered. Deliver sets it.
	At time.Time `json:"at"`
}

// Line is the message on one line, without its text.
func (m Message) Line() string {
	kind := "e-mail"
	if m.Channel == SMS {
		kind = "SMS"
	}
	return fmt.Sprintf("%s to %s: %s", kind, m.To, m.Code)
}

// Box holds messages. It may be used by several goroutines.
type Box struct {
	// Print, if it is set before the first delivery, gets one line for each message.
	Print io.Writer

	now func() time.Time

	mu       sync.Mutex
	messages []Message
}

// New returns an empty box that reads the time from now.
func New(now func() time.Time) *Box { return &Box{now: now} }

// Deliver adds a message.
func (b *Box) Deliver(m Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m.At = b.now()
	if len(b.messages) == capacity {
		b.messages = slices.Delete(b.messages, 0, 1)
	}
	b.messages = append(b.messages, m)
	if b.Print != nil {
		fmt.Fprintf(b.Print, "%s\n", m.Line())
	}
}

// Messages are those to an address or number, newest first, or all of them if to is empty.
func (b *Box) Messages(to string) []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []Message
	for _, m := range slices.Backward(b.messages) {
		if to == "" || m.To == to {
			found = append(found, m)
		}
	}
	return found
}
