package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/patchcord/patchcord/api"
)

// A call is asked for. The gate refuses it, and says by which rules.
func ExampleClient_PlaceCall() {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `{"title":"refused by the consent gate","decision":{"outcome":"deny","results":[
			{"rule":"revoked","status":"fail","effect":"block","reason":"the person said stop"}]}}`)
	}))
	defer service.Close()
	defer http.DefaultClient.CloseIdleConnections()

	client := &api.Client{URL: service.URL, Key: "the secret of a key"}
	order := api.CallRequest{To: "+14155550142", Agent: "reminders", Purpose: "informational"}
	placed, err := client.PlaceCall(context.Background(), order, "visit-7")
	var refused *api.Problem
	switch {
	case errors.As(err, &refused) && refused.Decision != nil:
		for _, r := range refused.Decision.Failing() {
			fmt.Printf("%s: %s\n", r.Rule, r.Reason)
		}
	case err != nil:
		fmt.Println(err)
	default:
		fmt.Println(placed.Call.ID)
	}
	// Output: revoked: the person said stop
}
