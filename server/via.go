package server

import (
	"fmt"
	"net/http"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

// viaOf is the route by which what a request tells has come.
func viaOf(r *http.Request, wrong *[]api.FieldError) consent.Via {
	switch v := consent.Via(r.Header.Get(api.ViaHeader)); v {
	case "":
		return consent.ViaAPI
	case consent.ViaImport, consent.ViaCLI:
		return v
	}
	*wrong = append(*wrong, fieldError(api.ViaHeader, fmt.Sprintf("want %s or %s, or leave the header out", consent.ViaImport, consent.ViaCLI)))
	return consent.ViaImport
}
