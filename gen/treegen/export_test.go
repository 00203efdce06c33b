package main

// Main is the command.
func Main() { main() }

// Sentence is exported for tests.
func Sentence(summary string) string { return sentence(summary) }

// Extends is exported for tests.
var Extends = extends

// TypeComment is exported for tests.
var TypeComment = typeComment
