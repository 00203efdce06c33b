package authkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/internal/redact"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	defaultInterval = 5 * time.Second // RFC 8628 section 3.2
	slowDown        = 5 * time.Second // RFC 8628 section 3.5
	maxSeconds      = 365 * 24 * 60 * 60
)

// DeviceAuthorization is the sign-in of a CLI or a device without a browser (RFC 8628): show UserCode and
// VerificationURI to the user, then call [Client.WaitForDevice]. Its printed form omits the device code.
type DeviceAuthorization struct {
	DeviceCode string `json:"-"` // secret; not to be shown
	UserCode   string `json:"user_code"`
	// VerificationURI is where the user enters UserCode.
	VerificationURI string `json:"verification_uri"`
	// VerificationURIComplete includes the code, for example for a QR code; "" if there is none.
	VerificationURIComplete string `json:"verification_uri_complete,omitempty"`
	// ExpiresAt is the time at which both codes expire.
	ExpiresAt time.Time `json:"expires_at"`
	// Interval is the minimum wait between polls.
	Interval time.Duration `json:"interval"`
}

// AuthorizeDevice starts the sign-in of a device.
func (c *Client) AuthorizeDevice(ctx context.Context) (*DeviceAuthorization, error) {
	a, err := c.workos.UserManagement.Authorize.Device(ctx, gen.AuthorizeDevice{ClientID: c.clientID})
	if err != nil {
		return nil, err
	}
	if a.DeviceCode == "" || a.UserCode == "" || a.VerificationURI == "" {
		return nil, errors.New("workos/authkit: authorize device: response lacks a code or a verification URI")
	}
	interval := defaultInterval
	if a.Interval != nil {
		interval = max(seconds(*a.Interval), time.Second)
	}
	return &DeviceAuthorization{
		DeviceCode: a.DeviceCode, UserCode: a.UserCode, VerificationURI: a.VerificationURI,
		VerificationURIComplete: value(a.VerificationURIComplete), Interval: interval,
		ExpiresAt: time.Now().Add(seconds(a.ExpiresIn)),
	}, nil
}

func seconds(n float64) time.Duration {
	if math.IsNaN(n) || n < 0 {
		return 0
	}
	return time.Duration(math.Min(n, maxSeconds) * float64(time.Second))
}

// WaitForDevice polls until the user has signed in: after each interval, with longer intervals if the API asks for them
// or after a timeout. It returns [ErrDeviceDenied] if the user refused, [ErrDeviceExpired] when the codes expire, and
// an error when ctx ends. After another error it can be called again with the same authorization.
func (c *Client) WaitForDevice(ctx context.Context, device *DeviceAuthorization) (*Session, error) {
	if device == nil || device.DeviceCode == "" {
		return nil, errors.New("workos/authkit: wait for device: no device code")
	}
	interval := max(device.Interval, time.Second)
	timer := time.NewTimer(interval)
	defer timer.Stop()
	for {
		if !time.Now().Add(interval).Before(device.ExpiresAt) {
			// The next poll would come too late.
			timer.Reset(max(0, time.Until(device.ExpiresAt)))
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("workos/authkit: wait for device: %w", context.Cause(ctx))
		case <-timer.C:
		}
		if !time.Now().Before(device.ExpiresAt) {
			return nil, fmt.Errorf("workos/authkit: wait for device: %w", ErrDeviceExpired)
		}
		session, err := c.AuthenticateWithDeviceCode(ctx, gen.AuthenticateWithDeviceCode{DeviceCode: device.DeviceCode})
		if err == nil {
			return session, nil
		}
		if interval, err = nextInterval(ctx, interval, err); err != nil {
			return nil, fmt.Errorf("workos/authkit: wait for device: %w", err)
		}
		timer.Reset(interval)
	}
}

// nextInterval returns the wait before the next poll, and false if polling must stop (RFC 8628 section 3.5).
func nextInterval(ctx context.Context, interval time.Duration, err error) (time.Duration, error) {
	var failure *client.Error
	if !errors.As(err, &failure) {
		timedOut := (interface{ Timeout() bool })(nil)
		if ctx.Err() == nil && errors.As(err, &timedOut) && timedOut.Timeout() {
			return 2 * interval, nil
		}
		return 0, err
	}
	switch {
	case failure.Code == "authorization_pending":
		return interval, nil
	case failure.Code == "slow_down", failure.StatusCode == http.StatusTooManyRequests,
		failure.StatusCode >= http.StatusInternalServerError:
		return interval + slowDown, nil
	case failure.Code == "access_denied":
		return 0, fmt.Errorf("%w: %w", ErrDeviceDenied, err)
	case failure.Code == "expired_token":
		return 0, fmt.Errorf("%w: %w", ErrDeviceExpired, err)
	default:
		return 0, err
	}
}

// String returns what the user may see.
func (d DeviceAuthorization) String() string {
	return fmt.Sprintf("DeviceAuthorization{DeviceCode: %s, UserCode: %s, VerificationURI: %s, ExpiresAt: %s}",
		redact.Mask(d.DeviceCode), d.UserCode, d.VerificationURI, d.ExpiresAt.Format(time.RFC3339))
}

// GoString returns String.
func (d DeviceAuthorization) GoString() string { return d.String() }

// Format writes String for every verb.
func (d DeviceAuthorization) Format(state fmt.State, verb rune) {
	redact.Format(state, verb, d.String())
}

// LogValue returns what the user may see.
func (d DeviceAuthorization) LogValue() slog.Value {
	return slog.GroupValue(slog.String("device_code", redact.Mask(d.DeviceCode)), slog.String("user_code", d.UserCode),
		slog.String("verification_uri", d.VerificationURI), slog.Time("expires_at", d.ExpiresAt))
}
