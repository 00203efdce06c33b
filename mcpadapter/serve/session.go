package serve

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// maxClientName is the longest name of a client, in bytes, that a session ID carries.
const maxClientName = 100

// rememberClients assigns a session ID that contains the name of the client to clients with another style of tool
// names, because before revision 2026-07-28 only initialize names the client and the server has no sessions. A session
// ID grants nothing, and requests without one are served as well. It runs after guard, which limits the body.
func rememberClients(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.Header.Get(server.HeaderKeySessionID) == "" {
			m, err := messageOf(r)
			if err != nil {
				refusal{reason: refusedBroken, message: "the request could not be read"}.write(w)
				return
			}
			client := initializing(m.envelope)
			if mcpadapter.StyleFor(client) != mcpadapter.StyleFor("") && len(client) <= maxClientName {
				w.Header().Set(server.HeaderKeySessionID, sessionID(client))
			}
		}
		next.ServeHTTP(w, r)
	})
}

// initializing returns the name of the client that opens a session, or "".
func initializing(m envelope) string {
	if m.method != methodInitialize {
		return ""
	}
	var params struct {
		ClientInfo struct {
			Name string `json:"name"`
		} `json:"clientInfo"`
	}
	_ = json.Unmarshal(m.params, &params) // without it there is no name
	return params.ClientInfo.Name
}

// sessionID returns an ID as MCP wants it: unique, not to be guessed and of visible ASCII (revision 2025-11-25,
// basic/transports, "Session Management").
func sessionID(client string) string {
	return rand.Text() + "." + base64.RawURLEncoding.EncodeToString([]byte(client))
}

// fromSessionID sets the client's name as if there were a session.
func fromSessionID(ctx context.Context, r *http.Request) {
	name := clientOf(r.Header)
	if session, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok && name != "" {
		session.SetClientInfo(mcp.Implementation{Name: name})
	}
}

// clientOf returns the client's name in a session ID, or "".
func clientOf(header http.Header) string {
	_, encoded, _ := strings.Cut(header.Get(server.HeaderKeySessionID), ".")
	if len(encoded) > base64.RawURLEncoding.EncodedLen(maxClientName) {
		return ""
	}
	client, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return "" // the ID of another server
	}
	return string(client)
}
