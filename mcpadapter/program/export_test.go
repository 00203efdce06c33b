package program

import "os"

// Watch has the engine report the end of each process.
func (e *Engine) Watch(ended func(*os.ProcessState)) { e.ended = ended }
