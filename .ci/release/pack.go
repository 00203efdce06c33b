package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed launch.cjs
var launcher []byte

type object = map[string]any

func (r *release) pack() error {
	for _, dir := range []string{"npm", "mcpb", "release"} {
		if err := os.RemoveAll(filepath.Join(r.build, dir)); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(r.build, "release"), 0o755); err != nil {
		return err
	}
	binaries := r.of("Binary")
	if len(binaries) == 0 {
		return errors.New("dist has no binaries: run goreleaser first")
	}
	optional, bundles := object{}, []object{}
	for _, binary := range binaries {
		name, err := r.platformPackage(binary)
		if err != nil {
			return err
		}
		optional[name] = r.version
		bundle, err := r.bundle(binary)
		if err != nil {
			return err
		}
		bundles = append(bundles, bundle)
	}
	if err := r.mainPackage(optional); err != nil {
		return err
	}
	if err := r.registryEntry(bundles); err != nil {
		return err
	}
	if err := errors.Join(r.inventories(), r.image(), r.catalogues()); err != nil {
		return err
	}
	fmt.Printf("packed %d npm packages and %d bundles of version %s\n", len(optional)+1, len(bundles), r.version)
	return nil
}

func (r *release) manifest(name, description string) object {
	return object{
		"name": name, "version": r.version, "description": description, "license": "MIT", "homepage": home,
		"repository": object{"type": "git", "url": "git+" + home + ".git"},
	}
}

// platformPackage makes the npm package with one binary.
func (r *release) platformPackage(binary artifact) (name string, err error) {
	helper, err := r.interpreter(binary)
	if err != nil {
		return "", err
	}
	system, cpu := binary.platform()
	info, err := os.Stat(filepath.Join(r.root, binary.Path))
	if err != nil {
		return "", err
	}
	fmt.Printf("%s of %s %s: %.1f MB\n", program, system, cpu, float64(info.Size())/1e6)
	name = fmt.Sprintf("%s/%s-%s-%s", scope, program, system, cpu)
	dir := filepath.Join(r.build, "npm", system+"-"+cpu)
	manifest := r.manifest(name, "The binary of "+program+" for "+system+" "+cpu)
	manifest["os"], manifest["cpu"] = []string{system}, []string{cpu}
	return name, errors.Join(
		writeJSON(filepath.Join(dir, "package.json"), manifest),
		copyFile(filepath.Join(r.root, binary.Path), filepath.Join(dir, "bin", binary.executable()), 0o755),
		copyFile(filepath.Join(r.root, helper.Path), filepath.Join(dir, "bin", binary.named(interpreter)), 0o755),
		copyFile(filepath.Join(r.root, "LICENSE"), filepath.Join(dir, "LICENSE"), 0o644),
		copyFile(filepath.Join(r.build, notices), filepath.Join(dir, notices), 0o644),
	)
}

// mainPackage makes the npm package that starts the binary of the machine. It downloads nothing and runs no scripts.
func (r *release) mainPackage(optional object) error {
	dir := filepath.Join(r.build, "npm", "main")
	manifest := r.manifest(scope+"/"+program, about)
	manifest["bin"] = object{program: "launch.cjs"}
	manifest["optionalDependencies"] = optional
	manifest["engines"] = object{"node": ">=18"}
	manifest["mcpName"] = registryName
	return errors.Join(
		writeJSON(filepath.Join(dir, "package.json"), manifest),
		write(filepath.Join(dir, "launch.cjs"), launcher, 0o755),
		copyFile(filepath.Join(r.root, "LICENSE"), filepath.Join(dir, "LICENSE"), 0o644),
		copyFile(filepath.Join(r.root, "README.md"), filepath.Join(dir, "README.md"), 0o644),
	)
}

// bundle makes and checks the .mcpb file with one binary, and returns its entry for the registry.
func (r *release) bundle(binary artifact) (object, error) {
	helper, err := r.interpreter(binary)
	if err != nil {
		return nil, err
	}
	system, cpu := binary.platform()
	dir := filepath.Join(r.build, "mcpb", system+"-"+cpu)
	entry := "server/" + binary.executable()
	manifest := object{
		"manifest_version": "0.3", "name": program, "display_name": "WorkOS", "version": r.version, "description": about,
		"author":     object{"name": "The workos authors", "url": home},
		"repository": object{"type": "git", "url": home}, "documentation": home + "/blob/main/docs/clients.md",
		"server": object{"type": "binary", "entry_point": entry, "mcp_config": object{
			"command": "${__dirname}/" + entry, "args": []string{},
			"env": object{"WORKOS_API_KEY": "${user_config.api_key}"},
		}},
		"user_config": object{"api_key": object{
			"type": "string", "title": "API key", "sensitive": true, "required": true,
			"description": "A secret key of your WorkOS environment, sk_…",
		}},
		"tools_generated": true, "license": "MIT", "compatibility": object{"platforms": []string{system}},
	}
	name := fmt.Sprintf("%s_%s_%s_%s.mcpb", program, r.version, binary.GoOS, binary.GoArch)
	file := filepath.Join(r.build, "release", name)
	err = errors.Join(
		writeJSON(filepath.Join(dir, "manifest.json"), manifest),
		copyFile(filepath.Join(r.root, binary.Path), filepath.Join(dir, filepath.FromSlash(entry)), 0o755),
		copyFile(filepath.Join(r.root, helper.Path), filepath.Join(dir, "server", binary.named(interpreter)), 0o755),
		copyFile(filepath.Join(r.build, notices), filepath.Join(dir, notices), 0o644),
	)
	if err != nil {
		return nil, err
	}
	mcpb := filepath.Join(r.root, ".ci", "release", "node_modules", ".bin", "mcpb")
	if _, err := command(dir, mcpb, "validate", "manifest.json"); err != nil {
		return nil, err
	}
	if _, err := command(dir, mcpb, "pack", ".", file); err != nil {
		return nil, err
	}
	sum, err := digest(file)
	if err != nil {
		return nil, err
	}
	return object{
		"registryType": "mcpb", "identifier": home + "/releases/download/v" + r.version + "/" + name,
		"version": r.version, "fileSha256": sum, "transport": object{"type": "stdio"},
		"environmentVariables": variables(),
	}, nil
}

func variables() []object {
	return []object{{
		"name": "WORKOS_API_KEY", "description": "Secret key of a WorkOS environment", "isRequired": true, "isSecret": true,
	}}
}

const registryName = "io.github.seed-f165d83c/workos"

// registryEntry makes server.json for the MCP registry and checks it against the registry's schema.
func (r *release) registryEntry(bundles []object) error {
	packages := append([]object{{
		"registryType": "oci", "identifier": imageName + ":" + r.version,
		"transport": object{"type": "stdio"}, "environmentVariables": variables(),
	}, {
		"registryType": "npm", "identifier": scope + "/" + program, "version": r.version,
		"transport": object{"type": "stdio"}, "environmentVariables": variables(),
	}}, bundles...)
	schema, name, err := registrySchema()
	if err != nil {
		return err
	}
	entry := object{
		"$schema": name, "name": registryName, "title": "WorkOS", "description": about, "version": r.version,
		"repository": object{"url": home, "source": "github"}, "packages": packages,
	}
	file := filepath.Join(r.build, "release", "server.json")
	if err := writeJSON(file, entry); err != nil {
		return err
	}
	return validate(schema, file)
}

// extension checks that the extension for Gemini CLI has the version of the changelog.
func (r *release) extension() error {
	var extension struct{ Version string }
	if err := readJSON(filepath.Join(r.root, "gemini-extension.json"), &extension); err != nil {
		return err
	}
	changelog, err := os.ReadFile(filepath.Join(r.root, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(string(changelog), "\n## ")
	if top, _, _ := strings.Cut(after, " "); top != extension.Version {
		return fmt.Errorf("gemini-extension.json has version %q, CHANGELOG.md %q", extension.Version, top)
	}
	return nil
}
