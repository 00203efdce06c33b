package mcpadapter_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// hanging is a body whose end never comes.
type hanging struct {
	io.Reader

	ctx context.Context
}

func (h hanging) Read(p []byte) (int, error) {
	if n, err := h.Reader.Read(p); err == nil {
		return n, nil
	}
	<-h.ctx.Done()
	return 0, h.ctx.Err()
}

func (hanging) Close() error { return nil }

func TestACallIsOverAfterItsTimeout(t *testing.T) {
	t.Parallel()
	for name, upstream := range map[string]func(*http.Request) (*http.Response, error){
		"no response": func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"half a response": func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
				Body: hanging{strings.NewReader(`{"id":`), r.Context()},
			}, nil
		},
	} {
		for _, timeout := range []time.Duration{0, 7 * time.Second} {
			synctest.Test(t, func(t *testing.T) {
				want, opts := mcpadapter.DefaultTimeout, []mcpadapter.Option(nil)
				if timeout > 0 {
					want, opts = timeout, append(opts, mcpadapter.WithTimeout(timeout))
				}
				a, begin := shopWith(t, upstream, opts...), time.Now()
				f := invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure
				if f == nil || f.Code != mcpadapter.CodeTimeout {
					t.Fatalf("%s: got %v, want %s", name, f, mcpadapter.CodeTimeout)
				}
				wantParts(t, name, f.Message, "no complete response within "+want.String(), "may have been carried out")
				if got := time.Since(begin); got != want {
					t.Errorf("%s: got the failure after %s, want it after %s", name, got, want)
				}
			})
		}
	}
}

// The caller's own end is not the call's.
func TestACallThatIsCanceledDidNotTimeOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := shopWith(t, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		f := tool(t, a, "getTea").Invoke(ctx, []byte(`{"tea_id":"1"}`)).Failure
		if f == nil || f.Code != mcpadapter.CodeCanceled {
			t.Errorf("got %v, want %s", f, mcpadapter.CodeCanceled)
		}
	})
}

func TestAPersonMayTakeLongerThanACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		a := shopWith(t, func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodDelete {
				sent++
			}
			return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
		}, confirming(mcpadapter.ConfirmDestructive))
		r := tool(t, a, "teas.delete").InvokeAsking(t.Context(), []byte(`{"tea_id":"1"}`),
			func(context.Context, string) (bool, error) {
				time.Sleep(mcpadapter.DefaultTimeout + time.Second)
				return true, nil
			})
		if r.Failure != nil || sent != 1 {
			t.Errorf("got %s and %d requests, want the call sent once", r.Text(), sent)
		}
	})
}

func TestATimeoutIsPositive(t *testing.T) {
	t.Parallel()
	for _, d := range []time.Duration{-1, 0} {
		_, err := mcpadapter.New(&shop.Client{}, &shop.Operations, mcpadapter.WithTimeout(d))
		if err == nil || !strings.Contains(err.Error(), "WithTimeout: ") {
			t.Errorf("%s: got %v, want an error", d, err)
		}
	}
}

// A whole response that came late says more than that it was late; no other failure does.
func TestOnlyWhatIsIncompleteTimedOut(t *testing.T) {
	t.Parallel()
	own := mcpadapter.WithFailures(func(error) (*mcpadapter.Failure, bool) {
		return &mcpadapter.Failure{Code: "own", Message: "m"}, true
	})
	for name, c := range map[string]struct {
		err    error // nil: the API responds with 500
		opts   []mcpadapter.Option
		late   string // code of a call that took too long
		inTime string
	}{
		"a response":           {nil, nil, "500 odd", "500 odd"},
		"an error with one":    {says{status: 409, code: "taken"}, nil, "409 taken", "409 taken"},
		"an error":             {io.ErrUnexpectedEOF, nil, "0 upstream_timeout", "0 request_failed"},
		"an error of our own":  {io.ErrUnexpectedEOF, []mcpadapter.Option{own}, "0 upstream_timeout", "0 own"},
		"an error without one": {says{code: "lost"}, nil, "0 upstream_timeout", "0 lost"},
	} {
		for _, late := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				a := shopWith(t, func(r *http.Request) (*http.Response, error) {
					if late {
						<-r.Context().Done()
					}
					if c.err != nil {
						return nil, c.err
					}
					return responding(http.StatusInternalServerError, strings.NewReader(`{"code":"odd"}`))(r)
				}, c.opts...)
				f, want := invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure, c.inTime
				if late {
					want = c.late
				}
				if got := fmt.Sprintf("%d %s", f.Status, f.Code); got != want {
					t.Errorf("%s, late: %t: got %s, want %s", name, late, got, want)
				}
			})
		}
	}
}
