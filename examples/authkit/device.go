package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

// signInDevice signs in without a browser. The API asks for no key, which a CLI that others install must not have; the
// emulator does.
func signInDevice(ctx context.Context, out io.Writer) error {
	c, err := workos.FromEnv()
	if err != nil {
		return err
	}
	kit, err := authkit.New(c)
	if err != nil {
		return err
	}
	return waitForUser(ctx, kit, out)
}

func waitForUser(ctx context.Context, kit *authkit.Client, out io.Writer) error {
	device, err := kit.AuthorizeDevice(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Open %s and enter %s\n", device.VerificationURI, device.UserCode)

	session, err := kit.WaitForDevice(ctx, device)
	switch {
	case errors.Is(err, authkit.ErrDeviceDenied):
		return errors.New("you refused the sign-in")
	case errors.Is(err, authkit.ErrDeviceExpired):
		return errors.New("the code expired; please start again")
	case err != nil:
		return err
	}
	fmt.Fprintln(out, "signed in as", session.User.Email)
	// The refresh token belongs into the system's key ring: whoever has it is the user.
	fmt.Fprintln(os.Stderr, session) // which prints without them
	return nil
}
