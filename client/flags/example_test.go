package flags_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/flags"
)

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"new-billing": {"enabled": true, "default_value": false, "targets": {
			"users": [], "organizations": [{"id": "org_acme", "enabled": true}]}}}`)
	}))
	defer server.Close()
	workos, err := client.New("sk_test", client.WithBaseURL(server.URL))
	if err != nil {
		panic(err)
	}

	runtime, err := flags.New(workos)
	if err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = runtime.Run(ctx) // until stop
	}()
	if err := runtime.WaitUntilReady(ctx); err != nil {
		panic(err)
	}
	for _, org := range []string{"org_acme", "org_other"} {
		fmt.Println(org, runtime.IsEnabled(ctx, "new-billing", flags.Target{Organization: org}))
	}
	stop()
	<-done
	// Output:
	// org_acme true
	// org_other false
}
