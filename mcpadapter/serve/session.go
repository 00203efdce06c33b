package serve

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// maxClientName is the longest name of a client, in bytes, that a session ID carries.
const maxClientName = 100

// rememberClients gives the clients that accept other names of tools a session ID that carries their own name, because
// before revision 2026-07-28 only initialize tells it and the server keeps no state. A session ID grants nothing, and
// requests without it are served alike. It stands behind guard, which limits the body.
func rememberClients(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.Header.Get(server.HeaderKeySessionID) == "" {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(w, "the request could not be read", http.StatusBadRequest)
				return
			}
			client := initializing(body)
			if mcpadapter.StyleFor(client) != mcpadapter.StyleFor("") && len(client) <= maxClientName {
				w.Header().Set(server.HeaderKeySessionID, sessionID(client))
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		next.ServeHTTP(w, r)
	})
}

// initializing returns the name of the client that opens a session, or "".
func initializing(body []byte) string {
	var m struct {
		Method string `json:"method"`
		Params struct {
			ClientInfo struct {
				Name string `json:"name"`
			} `json:"clientInfo"`
		} `json:"params"`
	}
	if !bytes.Contains(body, []byte(`"initialize"`)) || json.Unmarshal(body, &m) != nil || m.Method != "initialize" {
		return ""
	}
	return m.Params.ClientInfo.Name
}

// sessionID returns an ID as MCP wants it: unique, not to be guessed and of visible ASCII (revision 2025-11-25,
// basic/transports, "Session Management").
func sessionID(client string) string {
	return rand.Text() + "." + base64.RawURLEncoding.EncodeToString([]byte(client))
}

// fromSessionID makes the client's name known as if the session had been kept.
func fromSessionID(ctx context.Context, r *http.Request) {
	_, encoded, _ := strings.Cut(r.Header.Get(server.HeaderKeySessionID), ".")
	if encoded == "" || len(encoded) > base64.RawURLEncoding.EncodedLen(maxClientName) {
		return
	}
	client, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return // the ID of another server
	}
	if session, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok {
		session.SetClientInfo(mcp.Implementation{Name: string(client)})
	}
}
