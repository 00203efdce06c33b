//go:build !e2e

package served_test

const kills = 8
