package apigateway

import (
	"fmt"
	"io"
	"sync"
)

// accessLog writes one line for each request: set-up-logging.html, "access logging".
type accessLog struct {
	// format is nil if the stage has no access log.
	format template

	mutex  sync.Mutex
	writer io.Writer
}

func newAccessLog(writer io.Writer, format string) (*accessLog, error) {
	if format == "" {
		return &accessLog{}, nil
	}
	parsed, err := parseTemplate(format)
	if err != nil {
		return nil, fmt.Errorf("access log format: %w", err)
	}
	return &accessLog{format: parsed, writer: writer}, nil
}

func (l *accessLog) write(x *exchange) {
	if l.format == nil {
		return
	}
	line := append(l.format.render(x), '\n')
	l.mutex.Lock()
	defer l.mutex.Unlock()
	_, _ = l.writer.Write(line) // a log that cannot be written must not stop the API
}
