package serve

import (
	"net"
	"syscall"
)

// quiesce has the kernel ignore new connections to a listener and reports whether it does. Those that are being opened
// can still be accepted; closing the listener at once would reset them, with the request that a proxy has sent already.
// A client that is ignored tries again within a second or so, and then finds the listener closed, which is safe to
// retry elsewhere.
func quiesce(listener net.Listener) bool {
	l, ok := listener.(*net.TCPListener)
	if !ok {
		return false
	}
	raw, err := l.SyscallConn()
	if err != nil {
		return false
	}
	const flags, syn = 13, 0x02 // the byte with the flags of a TCP header, and the flag of a new connection (RFC 9293)
	// The replacement, x/net/bpf, would be a module for four instructions.
	program := []syscall.SockFilter{
		*syscall.LsfStmt(syscall.BPF_LD|syscall.BPF_B|syscall.BPF_ABS, flags),       //nolint:staticcheck // see above
		*syscall.LsfJump(syscall.BPF_JMP|syscall.BPF_JSET|syscall.BPF_K, syn, 0, 1), //nolint:staticcheck // see above
		*syscall.LsfStmt(syscall.BPF_RET|syscall.BPF_K, 0),                          //nolint:staticcheck // see above
		*syscall.LsfStmt(syscall.BPF_RET|syscall.BPF_K, 1<<18),                      //nolint:staticcheck // see above
	}
	var failed error
	err = raw.Control(func(fd uintptr) { failed = syscall.AttachLsf(int(fd), program) }) //nolint:staticcheck // as above
	return err == nil && failed == nil
}
