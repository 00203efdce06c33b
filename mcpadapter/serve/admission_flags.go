package serve

import "github.com/spf13/pflag"

// Flags of the limits of requests.
const (
	maxRequestFlag     = "max-request-bytes"
	maxBytesFlag       = "max-bytes-in-flight"
	maxCallsFlag       = "max-calls"
	maxCallerFlag      = "max-caller-calls"
	maxWaitingFlag     = "max-waiting"
	patienceFlag       = "max-wait"
	rateFlag           = "rate"
	burstFlag          = "burst"
	sharedRateFlag     = "shared-rate"
	maxConnectionsFlag = "max-connections"
	requireFlag        = "require-credential"
)

// defaultMaxConnections leaves room for as many callers as may run calls at once, and for those who come back.
const defaultMaxConnections = 1024

func admissionFlags(set *pflag.FlagSet, a *Admission, maxConnections *int) {
	set.IntVar(maxConnections, maxConnectionsFlag, defaultMaxConnections,
		"limit the open `connections`; beyond, the one that waits longest for a whole request is closed")
	set.Int64Var(&a.MaxRequestBytes, maxRequestFlag, DefaultMaxRequestBytes,
		"limit the body of a request to this many `bytes`")
	set.Int64Var(&a.MaxBytes, maxBytesFlag, DefaultMaxBytes, "limit the bodies that are held at once to this many `bytes`")
	set.IntVar(&a.MaxCalls, maxCallsFlag, DefaultMaxCalls, "limit the `requests` that are handled at once")
	set.IntVar(&a.MaxCallerCalls, maxCallerFlag, DefaultMaxCallerCalls,
		"limit the `requests` of one caller that are handled at once; callers that the API has not accepted yet share it")
	set.IntVar(&a.MaxWaiting, maxWaitingFlag, DefaultMaxWaiting, "limit the `requests` that wait for their turn")
	set.DurationVar(&a.Patience, patienceFlag, DefaultPatience, "limit the `time` that a request waits for its turn")
	set.Float64Var(&a.Rate, rateFlag, 0, "limit the `requests` of one caller in a second (0: no limit)")
	set.IntVar(&a.Burst, burstFlag, 0, "how many `requests` one caller may send at once within --rate (0: twice the rate)")
}
