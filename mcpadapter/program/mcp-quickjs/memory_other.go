//go:build !linux

package main

// limitMemory leaves the limit to the interpreter, which counts every value.
func limitMemory(uint64) error { return nil }
