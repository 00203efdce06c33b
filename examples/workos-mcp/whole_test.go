//go:build e2e

package main

// whole is whether tests of everything leave nothing out.
const whole = true
