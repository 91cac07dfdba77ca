package server

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// tongue is what a person reads who is asked to agree again, in one language.
type tongue struct {
	Lang, Other, OtherName string // the page in the other language

	Button, Nothing, title string
	agree                  string // of the seller's legal name, the number, and the purposes
	gone, away, taken      [2]string
	purposes               map[consent.Purpose]string // nil: their identifiers are words
}

var english = tongue{Lang: "en", Other: "es", OtherName: "En español",
	Button: "I agree", Nothing: "If you did not ask for this, close the page: nothing changes.", title: "Calls from %s",
	agree: "I agree that %s may call me again at %s with an artificial voice (AI), for: %s. I can end this at any time, by saying stop on a call or by texting STOP. It is not a condition of any purchase.",
	gone:  [2]string{"This link can't be used", "It was used before, or is too old. Nothing was changed."},
	away:  [2]string{"Please try again", "We can't record your answer at the moment. Nothing was changed."},
	taken: [2]string{"Thank you", "We have recorded that you want our calls again. To end them, say stop on a call or text STOP."},
}

var spanish = tongue{Lang: "es", Other: "en", OtherName: "In English",
	Button: "Acepto", Nothing: "Si usted no lo pidió, cierre la página: nada cambia.", title: "Llamadas de %s",
	agree: "Acepto que %s me vuelva a llamar al %s con una voz artificial (IA), para: %s. Puedo terminarlo en cualquier momento, diciendo que no me llamen más o enviando STOP por mensaje de texto. No es condición de ninguna compra.",
	gone:  [2]string{"Este enlace no se puede usar", "Ya se usó, o es demasiado antiguo. Nada ha cambiado."},
	away:  [2]string{"Inténtelo de nuevo, por favor", "No podemos registrar su respuesta en este momento. Nada ha cambiado."},
	taken: [2]string{"Gracias", "Hemos registrado que usted quiere de nuevo nuestras llamadas. Para terminarlas, diga que no le llamen más o envíe STOP por mensaje de texto."},
	purposes: map[consent.Purpose]string{consent.Informational: "información", consent.Telemarketing: "ventas", consent.Emergency: "emergencias",
		consent.Healthcare: "atención médica", consent.PackageDelivery: "entrega de paquetes", consent.FinancialAlert: "avisos financieros",
		consent.Nonprofit: "organizaciones sin fines de lucro", consent.DebtCollection: "cobro de deudas", consent.Research: "encuestas", consent.Political: "política"},
}

// says is what the offer's purposes are called.
func (l tongue) says(list []consent.Purpose) string {
	names := make([]string, len(list))
	for i, p := range list {
		if names[i] = l.purposes[p]; names[i] == "" {
			names[i] = strings.ReplaceAll(string(p), "_", " ")
		}
	}
	return strings.Join(names, ", ")
}

// words is what a person agrees to who confirms an offer on its page.
func (l tongue) words(of offer, seller consent.Seller, n phone.Number) string {
	return fmt.Sprintf(l.agree, seller.LegalName, n.E164(), l.says(of.Purposes))
}

// tongueOf is the language of a page: the one that was chosen on it (lang), or the browser's
// (Accept-Language, RFC 9110, section 12.5.4); English if it wants neither.
func tongueOf(r *http.Request) tongue {
	switch r.URL.Query().Get("lang") {
	case spanish.Lang:
		return spanish
	case english.Lang:
		return english
	}
	best, spoken := 0.0, english
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Language"), ","), ",") {
		tag, rest, _ := strings.Cut(strings.ToLower(part), ";")
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ReplaceAll(rest, " ", ""), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64) // what is no number is 0: not wanted
		}
		switch {
		case weight <= best:
		case primary == spanish.Lang:
			best, spoken = weight, spanish
		case primary == english.Lang:
			best, spoken = weight, english
		}
	}
	return spoken
}
