package mcpadapter

import (
	"net/http"
	"strconv"
	"time"
)

// maxRetryAfter is the longest wait that is told; more is no advice.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads how long an answer asks to wait, in seconds or as a date (RFC 9110 section 10.2.3), in whole seconds
// from now; 0: it does not say.
func retryAfter(header http.Header) int {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return wholeSeconds(time.Duration(seconds) * time.Second)
	}
	if date, err := http.ParseTime(text); err == nil {
		return wholeSeconds(time.Until(date))
	}
	return 0
}

// wholeSeconds rounds a wait up.
func wholeSeconds(wait time.Duration) int {
	if wait <= 0 {
		return 0
	}
	return int((min(wait, maxRetryAfter) + time.Second - 1) / time.Second)
}
