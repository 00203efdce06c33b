package client

import (
	"runtime/debug"
	"strings"
	"sync"
)

const (
	modulePath = "github.com/seed-f165d83c/workos"
	// development is the version where the build states none: that of the next release, as in CHANGELOG.md.
	development = "0.1.0-devel"
)

// Version returns the version of the SDK in this program without a leading "v", such as "0.1.0". It is what the build
// recorded (runtime/debug.ReadBuildInfo): the version that go.mod requires, or that of a fork that replaces it. A build
// of this repository has what version control stated. If the build recorded none, as with a local directory in place of
// the module or without module support, it is the next release with "-devel". The User-Agent header contains it.
func Version() string { return version() }

var version = sync.OnceValue(func() string {
	info, _ := debug.ReadBuildInfo()
	return versionOf(info)
})

// versionOf returns the version of this module in a build; nil: nothing is recorded.
func versionOf(info *debug.BuildInfo) string {
	if info == nil {
		return development
	}
	found := ""
	if info.Main.Path == modulePath {
		found = info.Main.Version
	}
	for _, module := range info.Deps {
		if module.Path != modulePath {
			continue
		}
		found = module.Version
		if module.Replace != nil {
			found = module.Replace.Version
		}
	}
	if number, ok := strings.CutPrefix(found, "v"); ok {
		return number
	}
	return development // "(devel)", or nothing
}
