package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

const (
	mcpPath = "/mcp"
	// maxBodyBytes is the largest request; no operation takes more than a fraction of it.
	maxBodyBytes = 4 << 20
)

// guard does for the MCP endpoint what the transport leaves out: web pages of other origins are refused (MCP revision
// 2025-11-25, basic/transports, "Security Warning"), a request is bounded, and no client can cancel another's call.
func guard(next http.Handler, origins []string) (http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, usageError{fmt.Errorf("--allow-origin: %w", err)}
		}
	}
	return protection.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			http.Error(w, fmt.Sprintf("the request has more than %d bytes", tooLarge.Limit), http.StatusRequestEntityTooLarge)
			return
		} else if err != nil {
			http.Error(w, "the request could not be read", http.StatusBadRequest)
			return
		}
		if cancels(body) {
			w.WriteHeader(http.StatusAccepted)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})), nil
}

// cancels tells whether a message cancels a request. Without sessions the request ID is all that names it, and another
// client may use the same one; closing the connection cancels for sure.
func cancels(body []byte) bool {
	var m message
	return json.Unmarshal(body, &m) == nil && m.Method == "notifications/cancelled"
}
