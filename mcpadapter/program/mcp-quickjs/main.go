// Mcp-quickjs runs one JavaScript program for a server of package mcpadapter/serve in code mode. It reads and writes
// messages, one JSON value a line, on its standard input and output; package mcpadapter/program documents them and
// starts it. It is a program of its own, and not a package of the server, so that a program in JavaScript can neither
// exhaust the memory of the server nor read it, and so that servers without code mode do not contain an interpreter.
//
// The interpreter is QuickJS. A program has ECMAScript 2023 and the calls of the server: no network, no files, no
// modules, no timers, a clock that stands still and random numbers that repeat.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) > 1 {
		fmt.Fprintln(os.Stderr, "mcp-quickjs: MCP servers in code mode start this program; it has no arguments")
		os.Exit(2)
	}
	p := newPeer(os.Stdin, os.Stdout)
	if err := serve(p); err != nil {
		fmt.Fprintln(os.Stderr, "mcp-quickjs:", err)
		os.Exit(1)
	}
}

func serve(p *peer) error {
	var start start
	if err := p.receive(&start); err != nil {
		return err
	}
	if start.Protocol != protocol {
		return fmt.Errorf("the server speaks protocol %d, this program %d: install the version of the server",
			start.Protocol, protocol)
	}
	if err := limitMemory(start.Memory); err != nil {
		return err
	}
	go p.listen() // ends the process when the server is gone
	return run(p, start)
}
