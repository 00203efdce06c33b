package serve

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"golang.org/x/time/rate"
)

// logFormat is the flag --log-format.
type logFormat string

const (
	logText logFormat = "text"
	logJSON logFormat = "json"

	logFormatFlag = "log-format"
)

func (f logFormat) MarshalText() ([]byte, error) { return []byte(f), nil }

func (f *logFormat) UnmarshalText(text []byte) error {
	switch format := logFormat(text); format {
	case logText, logJSON:
		*f = format
		return nil
	}
	return fmt.Errorf("unknown format %.40q: want text or json", text)
}

func (p program) logger(f flags) *slog.Logger { return slog.New(p.logHandler(f, p.stderr)) }

func (p program) logHandler(f flags, out io.Writer) slog.Handler {
	options := &slog.HandlerOptions{Level: f.logLevel, ReplaceAttr: p.shorten(p.secrets())}
	if f.logFormat == logJSON {
		return slog.NewJSONHandler(out, options)
	}
	return slog.NewTextHandler(out, options)
}

// minSecret is the length in bytes below which a value is no secret that is worth looking for.
const minSecret = 8

// secrets returns a function that removes the secrets of the environment from a text: the values of variables whose
// names say that they are.
func (p program) secrets() func(text string) string {
	var secrets, pairs []string
	known := p.secretVariables()
	for name, value := range p.environ {
		secret := slices.ContainsFunc([]string{"KEY", "TOKEN", "SECRET", "PASSWORD"}, func(word string) bool {
			return strings.Contains(strings.ToUpper(name), word)
		}) && !strings.HasSuffix(name, fileSuffix) || slices.Contains(known, name)
		if secret && len(value) >= minSecret {
			secrets, pairs = append(secrets, value), append(pairs, value, redacted)
		}
	}
	replacer := strings.NewReplacer(pairs...)
	return func(text string) string {
		if !slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(text, secret) }) {
			return text // as nearly always; the replacer copies
		}
		return replacer.Replace(text)
	}
}

// redacted is written in place of a secret.
const redacted = "[redacted]"

// shorten limits text that clients choose, such as the name of a method, and removes secrets from it.
func (p program) shorten(withoutSecrets func(text string) string) func([]string, slog.Attr) slog.Attr {
	return func(_ []string, a slog.Attr) slog.Attr {
		var text string
		switch a.Value.Kind() {
		case slog.KindString:
			text = a.Value.String()
		case slog.KindAny:
			err, ok := a.Value.Any().(error)
			if !ok {
				return a
			}
			text = err.Error()
		default:
			return a
		}
		text = withoutSecrets(text)
		if p.api.Redact != nil {
			text = p.api.Redact(text)
		}
		return slog.String(a.Key, shortened(text))
	}
}

// shortened returns the beginning of a text.
func shortened(text string) string {
	const most = 200
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// credentialsOf returns the secrets in the credential headers of a request, whose names are canonical.
func credentialsOf(header http.Header, names []string) []string {
	var secrets []string
	for _, name := range names {
		for _, value := range header[name] {
			_, token, _ := strings.Cut(value, " ")
			for _, secret := range []string{value, token} {
				if secret = strings.TrimSpace(secret); len(secret) >= minSecret {
					secrets = append(secrets, secret)
				}
			}
		}
	}
	return secrets
}

// Refused requests that are logged in a second, and at once: a flood must not fill a disk.
const (
	refusalsLogged       = 10
	refusalsLoggedAtOnce = 50
)

// logged logs and counts each request to a handler, and gives it an ID.
func logged(next http.Handler, logger *slog.Logger, m *Metrics, credentials []string) http.Handler {
	refusals := rate.NewLimiter(refusalsLogged, refusalsLoggedAtOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := newRequestLog()
		l.id = requestID(r.Header)
		l.address, l.scheme = addressOf(r), schemeOf(r.Context())
		w.Header().Set(requestIDHeader, l.id)
		if version := r.Header.Get(mcp.HeaderProtocolVersion); mcp.IsValidProtocolVersion(version) {
			l.protocol = version
		}
		if l.client = clientOf(r.Header); l.client != "" {
			l.session = r.Header.Get(server.HeaderKeySessionID) // one that this server has assigned
		} else {
			l.client = r.Header.Get("User-Agent")
		}
		l.secrets = credentialsOf(r.Header, credentials)
		l.continues(traceOfHeader(r.Header))
		ctx := r.Context()
		defer func() {
			took := time.Since(l.began)
			l.count(m, took)
			if l.reason == "" || refusals.Allow() {
				l.write(ctx, logger, took)
			}
		}()
		next.ServeHTTP(&counted{w, &l.bytes}, r.WithContext(l.within(ctx)))
	})
}

// counted counts the bytes of a response.
type counted struct {
	http.ResponseWriter

	n *int
}

func (w *counted) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	*w.n += n
	return n, err //nolint:wrapcheck // as the writer itself
}

// Flush is for mcp-go, which asks writers for it.
func (w *counted) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() } // not every writer can

// Unwrap is for [http.ResponseController].
func (w *counted) Unwrap() http.ResponseWriter { return w.ResponseWriter }
