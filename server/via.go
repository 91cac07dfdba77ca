package server

import (
	"fmt"
	"net/http"

	"github.com/patchcord/patchcord/consent"
)

// ViaHeader is how the commands of this program say that a request is a file's, or a
// person's at a terminal. It can only say less than an API request may do: no header
// makes a request one of the routes on which the person themselves acted.
const ViaHeader = "Patchcord-Via"

// viaOf is the route by which what a request tells has come.
func viaOf(r *http.Request, wrong *[]FieldError) consent.Via {
	switch v := consent.Via(r.Header.Get(ViaHeader)); v {
	case "":
		return consent.ViaAPI
	case consent.ViaImport, consent.ViaCLI:
		return v
	}
	*wrong = append(*wrong, FieldError{ViaHeader, fmt.Sprintf("want %s or %s, or leave the header out", consent.ViaImport, consent.ViaCLI)})
	return consent.ViaImport
}
