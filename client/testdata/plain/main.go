// Command plain makes the call of command link by net/http alone, to compare the two.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

func main() {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet,
		"https://api.workos.com/organizations/org_01", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	req.Header.Set("Authorization", "Bearer sk_test")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	var organization struct {
		Name string `json:"name"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&organization); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(organization.Name)
}
