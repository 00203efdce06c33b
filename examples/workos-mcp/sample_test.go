//go:build !e2e

package main

// whole is whether tests of everything leave nothing out. With the tag e2e they do not; without it a sample is quicker.
const whole = false
