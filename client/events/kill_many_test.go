//go:build unix && e2e

package events_test

const manyKills = true
