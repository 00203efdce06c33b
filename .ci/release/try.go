package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// try starts the server of the archive, the npm packages, the bundle and the image for this machine, each in an empty
// directory.
func (r *release) try() error {
	if err := errors.Join(r.extension(), r.tryCatalogues()); err != nil {
		return err
	}
	for _, way := range []struct {
		name   string
		unpack func(dir string) (program []string, err error)
	}{{"archive", r.unpackArchive}, {"npm", r.installPackages}, {"mcpb", r.unpackBundle}, {"image", r.unpackImage}} {
		dir, err := os.MkdirTemp("", "release")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		words, err := way.unpack(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		tools, err := list(dir, words)
		if err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		fmt.Printf("%s: %d tools\n", way.name, tools)
	}
	return nil
}

func (r *release) unpackArchive(dir string) ([]string, error) {
	archive, err := r.here("Archive")
	if err != nil {
		return nil, err
	}
	if _, err := command(dir, "tar", "-xzf", filepath.Join(r.root, archive.Path)); err != nil {
		return nil, err
	}
	for _, file := range []string{"LICENSE", interpreter, "extras/workos-mcp.1", "extras/workos-mcp.bash", "extras/_workos-mcp"} {
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			return nil, err
		}
	}
	return []string{filepath.Join(dir, program)}, r.tryInventory(archive, dir)
}

func (r *release) installPackages(dir string) ([]string, error) {
	binary, err := r.here("Binary")
	if err != nil {
		return nil, err
	}
	system, cpu := binary.platform()
	args := []string{"install", "--offline", "--no-audit", "--no-fund", "--omit=optional"}
	for _, folder := range []string{"main", system + "-" + cpu} {
		out, err := command(dir, "npm", "pack", "--silent", filepath.Join(r.build, "npm", folder))
		if err != nil {
			return nil, err
		}
		args = append(args, "./"+strings.TrimSpace(out))
	}
	if _, err := command(dir, "npm", args...); err != nil {
		return nil, err
	}
	return []string{"npx", "--offline", program}, nil
}

func (r *release) unpackBundle(dir string) ([]string, error) {
	binary, err := r.here("Binary")
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s_%s_%s_%s.mcpb", program, r.version, binary.GoOS, binary.GoArch)
	mcpb := filepath.Join(r.root, ".ci", "release", "node_modules", ".bin", "mcpb")
	if _, err := command(dir, mcpb, "unpack", filepath.Join(r.build, "release", name), dir); err != nil {
		return nil, err
	}
	return []string{filepath.Join(dir, "server", binary.executable())}, nil
}

// list starts a server with the sandbox and returns the number of its tools.
func list(dir string, words []string) (int, error) {
	cmd := exec.Command(words[0], append(words[1:], "--sandbox")...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOROOT=/nonexistent")
	cmd.Stdin = strings.NewReader(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",` +
		`"capabilities":{},"clientInfo":{"name":"release","version":"1"}}}` + "\n" +
		`{"jsonrpc":"2.0","method":"notifications/initialized"}` + "\n" +
		`{"jsonrpc":"2.0","id":1,"method":"tools/list"}` + "\n")
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", strings.Join(words, " "), err)
	}
	for line := range strings.Lines(string(out)) {
		var message struct {
			ID     int
			Result struct{ Tools []json.RawMessage }
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			return 0, fmt.Errorf("response %.100q: %w", line, err)
		}
		if message.ID == 1 && len(message.Result.Tools) > 0 {
			return len(message.Result.Tools), nil
		}
	}
	return 0, errors.New("the server lists no tools")
}
