package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

// closer counts how often a body is read from and closed.
type closer struct {
	io.Reader

	read, closed int
}

func (c *closer) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += n
	return n, err
}

func (c *closer) Close() error {
	c.closed++
	return nil
}

// served is what becomes of an answer made by hand: the error of organizations.get, and the answer's body.
func served(t *testing.T, resp *http.Response, body string, opts ...client.Option) (error, *closer) {
	t.Helper()
	from := &closer{Reader: strings.NewReader(body)}
	resp.Body = from
	if resp.Header == nil {
		resp.Header = http.Header{"Content-Type": {"application/json"}}
	}
	opts = append([]client.Option{once(), client.WithHTTPClient(&http.Client{Transport: transportFunc(
		func(*http.Request) (*http.Response, error) { return resp, nil })})}, opts...)
	_, err := newClient(t, testKey, opts...).Organizations.Get(t.Context(), "org_01")
	return err, from
}

func TestBodyOfAnErrorIsKeptUpToItsLimit(t *testing.T) {
	const most = 64 << 10
	for _, status := range []int{http.StatusOK, http.StatusBadGateway} { // a success of another shape is kept as well
		for length := most - 1; length <= most+1; length++ {
			body := `"` + strings.Repeat("a", length-2) + `"`
			err, from := served(t, &http.Response{StatusCode: status}, body)
			var failed *client.Error
			if !errors.As(err, &failed) {
				t.Fatalf("%d: got %v, want an *Error", status, err)
			}
			if got := string(failed.Body); got != body[:min(length, most)] || failed.Truncated != (length > most) {
				t.Errorf("%d with %d bytes: got %d bytes, truncated %t", status, length, len(got), failed.Truncated)
			}
			again, _ := io.ReadAll(failed.Response.Body)
			if !bytes.Equal(again, failed.Body) || from.closed == 0 || from.read != length {
				t.Errorf("%d with %d bytes: the response has %d bytes, of which %d were read, closed %d times", status, length,
					len(again), from.read, from.closed)
			}
			if length > most && status != http.StatusOK && cap(failed.Body) != most {
				t.Errorf("%d with %d bytes: the body leads on to what was cut, of %d bytes", status, length, cap(failed.Body))
			}
			if cap(failed.Body) > max(most, 2*length) || len(append(failed.Body, 'x')) != min(length, most)+1 {
				t.Errorf("%d with %d bytes: the body has room for %d", status, length, cap(failed.Body))
			}
		}
	}
}

func TestErrorIsUnderstoodUpToItsLimit(t *testing.T) {
	const most = 320 << 10
	for length := most - 1; length <= most+1; length++ {
		frame := len(`{"pad":"","code":"c"}`)
		body := `{"pad":"` + strings.Repeat("a", length-frame) + `","code":"c"}`
		err, from := served(t, &http.Response{StatusCode: http.StatusBadGateway}, body+strings.Repeat(" ", 9<<10))
		var failed *client.Error
		if !errors.As(err, &failed) || !failed.Truncated || from.read > most+1 {
			t.Fatalf("%d bytes: got %v after %d bytes, want an *Error", length, err, from.read)
		}
		if want := length <= most; (failed.Code == "c") != want {
			t.Errorf("%d bytes: got the code %q, want it to be understood: %t", length, failed.Code, want)
		}
	}
}

func TestBodyThatBreaksOffIsTruncated(t *testing.T) {
	for status, want := range map[int]string{
		http.StatusNotFound: "organizations.get: 404 c",
		http.StatusOK:       "organizations.get: 200 invalid_response: the response body ended early: unexpected EOF",
	} {
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(*http.Request) (*http.Response, error) {
				resp := byHand(status, "")
				resp.Body = brokenBody{strings.NewReader(`{"code":"c"}`)}
				return resp, nil
			})}))
		_, err := c.Organizations.Get(t.Context(), "org_01")
		var failed *client.Error
		if !errors.As(err, &failed) || err.Error() != want || !failed.Truncated || string(failed.Body) != `{"code":"c"}` {
			t.Errorf("%d: got %v, want %s with a truncated body", status, err, want)
		}
		if broken := status == http.StatusOK; errors.Is(err, io.ErrUnexpectedEOF) != broken ||
			errors.Is(err, client.ErrInvalidResponse) != broken {
			t.Errorf("%d: got %v, want a cause after a success alone", status, err)
		}
	}
}

func TestExcerptOfABodyThatIsNoJSONIsShort(t *testing.T) {
	const most = 256
	for length := most - 1; length <= most+1; length++ {
		text := strings.Repeat("a", length)
		want := text
		if length > most {
			want = text[:most] + "…"
		}
		if got := failWith(t, http.StatusBadGateway, text).Message; got != want {
			t.Errorf("%d bytes: got %d bytes", length, len(got))
		}
		err, _ := served(t, &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/html"}}},
			text)
		want = `organizations.get: 200 invalid_response: invalid response: Content-Type is "text/html", expected JSON: ` +
			want
		if fmt.Sprint(err) != want {
			t.Errorf("%d bytes: got %v, want %s", length, err, want)
		}
	}
	long := strings.Repeat("a", most+1)
	if got := failWith(t, http.StatusBadGateway, `"`+long+`"`).Message; got != long {
		t.Errorf("a text in JSON: got %d bytes, want all %d", len(got), len(long))
	}
}

func TestEachTextOfAnErrorIsCutAtItsLimit(t *testing.T) {
	const most = 1 << 10
	for length := most - 1; length <= most+1; length++ {
		text := strings.Repeat("a", length)
		want := text
		if length > most {
			want = text[:most] + "…"
		}
		err, _ := served(t, &http.Response{
			StatusCode: http.StatusBadRequest, Header: http.Header{"X-Request-Id": {text}},
		}, `{"code":"`+text+`","message":"`+text+`","errors":[{"field":"`+text+`","code":"`+text+`","message":"`+text+`"}]}`)
		var failed *client.Error
		if !errors.As(err, &failed) || len(failed.Errors) != 1 {
			t.Fatalf("got %v, want an *Error of one field", err)
		}
		field := failed.Errors[0]
		for name, got := range map[string]string{
			"request ID": failed.RequestID, "code": failed.Code, "message": failed.Message, "field": field.Field,
			"code of a field": field.Code, "message of a field": field.Message,
		} {
			if got != want {
				t.Errorf("%s of %d bytes: got %d, want %d", name, length, len(got), len(want))
			}
		}
		const frame = "redirect to https://, which is not followed"
		host := strings.Repeat("h", length-len(frame))
		err, _ = served(t, &http.Response{
			StatusCode: http.StatusFound, Header: http.Header{"Location": {"https://" + host + "/secret"}},
		}, "")
		want = "redirect to https://" + host + ", which is not followed"
		if length > most {
			want = want[:most] + "…"
		}
		if !errors.As(err, &failed) || failed.Message != want {
			t.Errorf("redirect of %d bytes: got %v, want %d", length, err, len(want))
		}
	}
}

func TestErrorShowsTheFirstFields(t *testing.T) {
	for n := range 12 {
		var entries, texts []string
		for i := range n {
			entries = append(entries, fmt.Sprintf(`{"field":"f%d","code":"required"}`, i))
			if i < 8 {
				texts = append(texts, fmt.Sprintf("f%d: required", i))
			}
		}
		if n > 8 {
			texts = append(texts, fmt.Sprintf("and %d more", n-8))
		}
		want := "organizations.get: 422: " + strings.Join(texts, "; ") + " (request ID req_01)"
		if n == 0 {
			want = "organizations.get: 422 Unprocessable Entity (request ID req_01)"
		}
		got := failWith(t, http.StatusUnprocessableEntity, `{"errors":[`+strings.Join(entries, ",")+`]}`)
		if got.Error() != want || len(got.Errors) != n {
			t.Errorf("%d fields: got %s, want %s", n, got, want)
		}
	}
	for length := 127; length <= 129; length++ {
		text := strings.Repeat("a", length)
		want := "organizations.get: 422: " + text[:min(length, 128)]
		if length > 128 {
			want += "…"
		}
		if got := failWith(t, http.StatusUnprocessableEntity, `{"errors":["`+text+`"]}`); got.Error() !=
			want+" (request ID req_01)" || got.Errors[0].Message != text {
			t.Errorf("a field of %d bytes: got %s", length, got)
		}
	}
}

func TestFieldErrorsAreKeptUpToTheirLimit(t *testing.T) {
	for n := 99; n <= 101; n++ {
		list := strings.TrimSuffix(strings.Repeat(`{"code":"c"},`, n), ",")
		fields := make([]string, n)
		for i := range fields {
			fields[i] = fmt.Sprintf(`"f%03d":"bad"`, i)
		}
		for shape, body := range map[string]string{
			"errors":            `{"errors":[` + list + `]}`,
			"message":           `{"message":[` + list + `]}`,
			"message, errors":   `{"message":[{"code":"c"}],"errors":[` + strings.TrimPrefix(list, `{"code":"c"},`) + `]}`,
			"by field":          `{"errors":{` + strings.Join(fields, ",") + `}}`,
			"constraints":       `{"errors":[{"property":"p","constraints":{` + strings.Join(fields, ",") + `}}]}`,
			"with empty others": `{"errors":[` + list + `,null,{}]}`,
		} {
			got := failWith(t, http.StatusBadRequest, body)
			if len(got.Errors) != min(n, 100) {
				t.Errorf("%s: got %d of %d, want at most 100", shape, len(got.Errors), n)
			}
			if shape == "by field" && got.Errors[len(got.Errors)-1].Field != fmt.Sprintf("f%03d", min(n, 100)-1) {
				t.Errorf("by field: the last of %d is %+v", n, got.Errors[len(got.Errors)-1])
			}
		}
	}
}

func TestCodeOfALongErrorIsRead(t *testing.T) {
	body := `{"pad":"` + strings.Repeat("x", 100<<10) + `","code":"daily_quota_exceeded"}`
	w := newWire(respondJSON(http.StatusTooManyRequests, body))
	_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01")
	var failed *client.Error
	if !errors.As(err, &failed) || failed.Code != "daily_quota_exceeded" || len(failed.Body) != 64<<10 ||
		len(w.sent) != 1 {
		t.Errorf("got %v after %d requests, want the code after one", err, len(w.sent))
	}
}

func TestBrokenBodyNamesTheOperation(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, anOrg[:20])
	})
	_, err := newAPI(t, testKey, client.WithBaseURL(base), once()).OrganizationsGetWithResponse(t.Context(), "org_01")
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(err.Error(), "organizations.get: ") {
		t.Errorf("got %v, want io.ErrUnexpectedEOF of organizations.get", err)
	}
}

func TestErrorsKeepTheConnection(t *testing.T) {
	var connections atomic.Int32
	base := serve(t, func(w http.ResponseWriter, req *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, strings.Repeat("x", 200<<10))
		_ = req.Body.Close()
	})
	transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		connections.Add(1)
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}}
	defer transport.CloseIdleConnections()
	api := newAPI(t, testKey, client.WithBaseURL(base), client.WithHTTPClient(&http.Client{Transport: transport}), once())
	for range 5 {
		var failure *client.Error
		if _, err := api.OrganizationsGetWithResponse(t.Context(), "org_01"); !errors.As(err, &failure) {
			t.Fatalf("got %v, want an *Error", err)
		}
		if len(failure.Body) != 64<<10 || !failure.Truncated {
			t.Errorf("body: got %d bytes, truncated %t; want 64 KiB, true", len(failure.Body), failure.Truncated)
		}
	}
	if got := connections.Load(); got != 1 {
		t.Errorf("connections: got %d, want 1", got)
	}
}

func TestEndlessErrorBodyIsCut(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		for range 64 << 20 / (4 << 10) { // 64 MiB are as good as no end
			if _, err := io.WriteString(w, strings.Repeat("x", 4<<10)); err != nil {
				return
			}
		}
	})
	_, err := newAPI(t, testKey, client.WithBaseURL(base), once()).OrganizationsGetWithResponse(t.Context(), "org_01")
	var failure *client.Error
	if !errors.As(err, &failure) || !failure.Truncated || len(err.Error()) > 512 {
		t.Errorf("got %v, want a short *Error of a truncated body", err)
	}
}

// brokenBody ends with an error in place of io.EOF.
type brokenBody struct{ io.Reader }

func (b brokenBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (brokenBody) Close() error { return nil }
