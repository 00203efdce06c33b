package main

import "reflect"

// Main is the command.
func Main() { main() }

// Sentence is exported for tests.
func Sentence(summary string) string { return sentence(summary) }

// Extends is exported for tests.
var Extends = extends

// TypeName is exported for tests.
var TypeName = typeName

// TypeComment is exported for tests.
var TypeComment = typeComment

// Exported for tests.
var (
	Encodes   = encodes
	Variable  = variable
	Statement = statement
)

// Literal is exported for tests.
func Literal(v reflect.Value, models *Models) (string, error) { return literals{models}.of(v) }
