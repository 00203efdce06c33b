// Command tokens prints the size of the tool list of workos-mcp, in o200k tokens and bytes. From the root of
// the repository:
//
//	go -C gen/tokens run .
//	go -C gen/tokens run . -mode dynamic -by-tool
//
// It asks the server in this repository, or the program that -server names, over stdio.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// root is the root of the repository, from here.
var root = filepath.Join("..", "..")

func main() {
	err := run(context.Background(), os.Args[1:], os.Stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "tokens:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("tokens", flag.ContinueOnError)
	mode := flags.String("mode", "direct", "how operations are exposed: direct or dynamic")
	byTool := flags.Bool("by-tool", false, "print one line per tool instead of one per toolset")
	program := flags.String("server", "", "`path` of a built workos-mcp (default: the one in this repository)")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("parse the flags: %w", err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *mode != "direct" && *mode != dynamic {
		return fmt.Errorf("unknown mode %q: want direct or dynamic", *mode)
	}
	s := server{"go", "run", "./examples/workos-mcp"}
	if *program != "" {
		path, err := filepath.Abs(*program)
		if err != nil {
			return fmt.Errorf("find the server: %w", err)
		}
		s = server{path}
	}
	l, err := s.list(ctx, *mode)
	if err != nil {
		return err
	}
	if !*byTool && *mode != dynamic {
		if err := s.group(ctx, l.tools); err != nil {
			return err
		}
	}
	return write(out, l)
}

// write prints the size of each group of tools, and of the instructions.
func write(out io.Writer, l listing) error {
	costs, err := count(l.tools)
	if err != nil {
		return err
	}
	texts, err := tokens(l.instructions, l.catalogue)
	if err != nil {
		return err
	}
	if err := writeCosts(out, costs); err != nil {
		return err
	}
	text := fmt.Sprintf("%d bytes of JSON\n%d tokens of instructions\n", listBytes(l.tools), texts[0])
	if l.catalogue != "" {
		text += fmt.Sprintf("%d tokens of the catalogue, for models that read it\n", texts[1])
	}
	if _, err := io.WriteString(out, text); err != nil {
		return fmt.Errorf("write the costs: %w", err)
	}
	return nil
}
