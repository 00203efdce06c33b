package main

import "slices"

// task is something that an administrator or a developer asks for.
type task struct {
	name    string
	request string // in plain words
	setup   string // program that makes the start state
	// seed is what no operation makes, as of [sandbox.Sandbox.Seed]; "": nothing.
	seed string
	// searches are what a model that knows no operation looks for.
	searches []string
	// direct is the reference solution in direct mode, a call a line; see [parseStep]. In dynamic mode the same calls
	// are made by the tools for them.
	direct []string
	code   string // the reference solution in code mode
	// check is a program that returns true if the end state is right, otherwise what is wrong.
	check    string
	answer   []string // what the last result has to have
	must     []string // patterns of "METHOD /path" of which each must be sent; for what the sandbox does not show
	never    []string // beginnings of "METHOD /path" that must not be sent
	secret   string   // what must not be in any result
	declines bool     // the person agrees to nothing
}

// tasks returns all tasks.
func tasks() []task {
	return slices.Concat(customers(), people(), access(), operations(), guarded())
}
