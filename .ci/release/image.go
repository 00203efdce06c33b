package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

const (
	imageName = "ghcr.io/seed-f165d83c/workos-mcp"
	// nobody is the user of the process in a container, and its group: neither is root.
	nobody = 65532
	// roots is where Go looks for root certificates on Debian, and where the image has them.
	roots = "etc/ssl/certs/ca-certificates.crt"
)

// image makes an OCI image layout with an image for each Linux platform, in build/image. It holds the two static
// binaries, root certificates and licenses: no shell, no package manager and no C library.
func (r *release) image() error {
	dir := filepath.Join(r.build, "image")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, binary := range r.of("Binary") {
		if binary.GoOS != "linux" {
			continue
		}
		image, err := r.platformImage(binary)
		if err != nil {
			return err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: binary.GoOS, Architecture: binary.GoArch}},
		})
	}
	index, ok := mutate.Annotations(index, r.labels()).(v1.ImageIndex)
	if !ok {
		return errors.New("annotations made something else of an index")
	}
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	if err := path.AppendIndex(index); err != nil {
		return err
	}
	return validateImages(index)
}

// labels are the annotations of the OCI image specification, and the name that the MCP registry looks for.
func (r *release) labels() map[string]string {
	return map[string]string{
		"org.opencontainers.image.title": program, "org.opencontainers.image.description": about,
		"org.opencontainers.image.source": home, "org.opencontainers.image.url": home,
		"org.opencontainers.image.documentation": home + "/blob/main/docs/server.md",
		"org.opencontainers.image.licenses":      "MIT", "org.opencontainers.image.version": r.version,
		"org.opencontainers.image.revision":   r.commit,
		"io.modelcontextprotocol.server.name": registryName,
	}
}

func (r *release) platformImage(binary artifact) (v1.Image, error) {
	helper, err := r.interpreter(binary)
	if err != nil {
		return nil, err
	}
	files := []struct {
		name, from string
		mode       int64
	}{
		{program, filepath.Join(r.root, binary.Path), 0o755},
		{interpreter, filepath.Join(r.root, helper.Path), 0o755},
		{roots, "/" + roots, 0o644},
		{"LICENSE", filepath.Join(r.root, "LICENSE"), 0o644},
		{notices, filepath.Join(r.build, notices), 0o644},
	}
	var layer bytes.Buffer
	w := tar.NewWriter(&layer)
	for _, f := range files {
		text, err := os.ReadFile(f.from)
		if err != nil {
			return nil, err
		}
		header := tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(text)), ModTime: r.date, Format: tar.FormatPAX}
		if err := errors.Join(w.WriteHeader(&header), ignoreCount(w.Write(text))); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	content, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(layer.Bytes())), nil
	}, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err = mutate.ConfigFile(image, &v1.ConfigFile{
		OS: binary.GoOS, Architecture: binary.GoArch, Created: v1.Time{Time: r.date},
		RootFS: v1.RootFS{Type: "layers"},
		Config: v1.Config{
			User: fmt.Sprintf("%d:%d", nobody, nobody), WorkingDir: "/", Entrypoint: []string{"/" + program},
			ExposedPorts: map[string]struct{}{"8080/tcp": {}, "9090/tcp": {}}, Labels: r.labels(),
		},
	})
	if err != nil {
		return nil, err
	}
	return mutate.Append(image, mutate.Addendum{
		Layer: content, History: v1.History{Created: v1.Time{Time: r.date}, CreatedBy: "release", Comment: program},
	})
}

// ignoreCount returns the error of a write, which is not nil if not all was written.
func ignoreCount(_ int, err error) error { return err }

// validateImages checks the images that run on any machine: their users are not root, and they have an entry point.
func validateImages(index v1.ImageIndex) error {
	manifest, err := index.IndexManifest()
	if err != nil {
		return err
	}
	if len(manifest.Manifests) != 2 {
		return fmt.Errorf("got images for %d platforms, want those for linux/amd64 and linux/arm64", len(manifest.Manifests))
	}
	for _, d := range manifest.Manifests {
		image, err := index.Image(d.Digest)
		if err != nil {
			return err
		}
		config, err := image.ConfigFile()
		if err != nil {
			return err
		}
		if config.Config.User != "65532:65532" || len(config.Config.Entrypoint) != 1 || len(config.Config.Labels) < 9 {
			return fmt.Errorf("%s: got %+v, want another user than root, an entry point and labels", d.Platform, config.Config)
		}
	}
	return nil
}

// unpackImage writes the files of the image for this machine's processor to a directory, and returns how its program is
// started with that directory as its root.
func (r *release) unpackImage(dir string) ([]string, error) {
	top, err := layout.ImageIndexFromPath(filepath.Join(r.build, "image"))
	if err != nil {
		return nil, err
	}
	outer, err := top.IndexManifest()
	if err != nil || len(outer.Manifests) != 1 {
		return nil, fmt.Errorf("the layout has %d entries, want the index alone: %w", len(outer.Manifests), err)
	}
	index, err := top.ImageIndex(outer.Manifests[0].Digest)
	if err != nil {
		return nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	for _, d := range manifest.Manifests {
		if d.Platform.OS != runtime.GOOS || d.Platform.Architecture != runtime.GOARCH {
			continue
		}
		image, err := index.Image(d.Digest)
		if err != nil {
			return nil, err
		}
		config, err := image.ConfigFile()
		if err != nil {
			return nil, err
		}
		if err := errors.Join(extract(image, dir), os.Chmod(dir, 0o755)); err != nil { // the user is another one
			return nil, err
		}
		return rooted(dir, config.Config.User, config.Config.Entrypoint), nil
	}
	return nil, fmt.Errorf("no image for %s/%s", runtime.GOOS, runtime.GOARCH)
}

// extract writes the files of an image. They are ours, and none is above the directory.
func extract(image v1.Image, dir string) error {
	files := mutate.Extract(image)
	defer files.Close()
	for r := tar.NewReader(files); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg || !filepath.IsLocal(header.Name) {
			return fmt.Errorf("invalid entry %q: want a path below the root", header.Name)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(dir, header.Name), text, os.FileMode(header.Mode)); err != nil {
			return err
		}
	}
}

// rooted returns the words that start a program with a directory as its root, as the user of the image. That needs the
// rights of root; without them it is started in place.
func rooted(dir, user string, entry []string) []string {
	if os.Geteuid() != 0 {
		return append([]string{filepath.Join(dir, entry[0])}, entry[1:]...)
	}
	return append([]string{"chroot", "--userspec=" + strings.TrimSpace(user), dir}, entry...)
}

// commitDate returns the time of the commit, which is that of every file in the image: the same commit makes the same
// image.
func (r *release) commitDate() (time.Time, error) {
	text, err := command(r.root, "git", "show", "-s", "--format=%cI", r.commit)
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, strings.TrimSpace(text))
}
