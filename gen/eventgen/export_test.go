package main

// Main is the command.
func Main() { main() }

// The templates of the two files.
const (
	Constants = constants
	Decoders  = decoders
)
