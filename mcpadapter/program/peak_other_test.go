//go:build !linux

package program_test

import "os"

func peakOf(*os.ProcessState) int64 { return 0 }
