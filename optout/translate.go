package optout

import (
	"slices"
	"strconv"
	"strings"
)

// englishOf is the English of the Spanish words of time.
var englishOf = map[string]string{"hasta": "until", "antes": "before", "despues": "after", "por": "for",
	"durante": "during",
	"una":     "a",
	"un":      "a",
	"uno":     "one", "dos": "two", "tres": "three", "cuatro": "four", "cinco": "five", "seis": "six",
	"siete": "seven", "ocho": "eight", "nueve": "nine",
	"diez": "ten", "once": "eleven", "doce": "twelve", "par": "couple", "unos": "few", "unas": "few",
	"pocos": "few", "pocas": "few", "hora": "hour",
	"horas": "hours", "minutos": "minutes", "dia": "day", "dias": "days", "semana": "week", "semanas": "weeks",
	"mes": "month", "meses": "months",
	"ano": "year", "anos": "years", "proxima": "next", "proximo": "next", "proximos": "next", "proximas": "next",
	"siguiente": "next", "siguientes": "next",
	"lunes": "monday", "martes": "tuesday", "miercoles": "wednesday", "jueves": "thursday", "viernes": "friday",
	"sabado": "saturday", "sabados": "saturdays",
	"domingo": "sunday", "domingos": "sundays", "hoy": "today", "noche": "night", "noches": "nights",
	"tarde": "afternoon", "tardes": "afternoons",
	"mananas": "mornings", "temprano": "early", "tan": "so", "muy": "very", "demasiado": "too", "todavia": "yet",
	"aun": "yet", "ahora": "now", "ahorita": "now",
	"mediodia": "noon", "medianoche": "midnight", "cena": "dinner", "comida": "lunch", "almuerzo": "lunch",
	"desayuno": "breakfast", "cuando": "when", "mientras": "while", "media": "thirty",
	"momento": "moment", //nolint:misspell // Spanish
	"rato":    "while", "esta": "this", "este": "this", "en": "in", "entre": "between", "y": "and", "fin": "weekend",
	"fines": "weekends",
	"de":    "of", "las": "the", "la": "the", "los": "the", "el": "the", "a": "at", "enero": "january",
	"febrero": "february", "marzo": "march",
	"abril": "april", "mayo": "may", "junio": "june", "julio": "july", "agosto": "august",
	"septiembre": "september", "octubre": "october",
	"noviembre": "november", "diciembre": "december", "navidad": "christmas", "vacaciones": "holidays", "nunca": "ever",
	"jamas": "ever", "seguido": "often", "o": "or", "siesta": "nap", "trabajo": "work"}

var spanishNumbers = strings.Fields("cero uno dos tres cuatro cinco seis siete ocho nueve diez " +
	"once doce trece catorce quince " +
	"dieciseis diecisiete dieciocho diecinueve veinte")

// translate puts the Spanish words of time into English, in their places: what an article stands
// before is skipped there.
func translate(s sentence) sentence {
	out := slices.Clone(s)
	for i, w := range s {
		if e := englishOf[w]; e != "" {
			out[i] = e
		}
		if w == "manana" {
			out[i] = "tomorrow"
			if i > 0 && (s[i-1] == "la" || s[i-1] == "las") {
				out[i] = "morning"
			}
		}
		if (w == "tarde" || w == "noche") && i > 0 && (s[i-1] == "tan" || s[i-1] == "muy" || s[i-1] == "mas" ||
			s[i-1] == "demasiado") {
			out[i] = "late"
		}
		if n := slices.Index(spanishNumbers, w); n > 0 && i > 0 && s[i-1] == "el" {
			out[i] = strconv.Itoa(n) + "th"
		}
	}
	return out.spanishOrder()
}

// spanishOrder keeps the number of words, since places count: "semana que viene" is "next week",
// "fin de semana" a weekend, "media hora" half an hour, "antes de las nueve" before nine.
func (s sentence) spanishOrder() sentence {
	for i := range s {
		word := func(n int) string {
			if i+n < len(s) {
				return s[i+n]
			}
			return ""
		}
		switch {
		case word(1) == "que" && word(2) == "viene":
			s[i], s[i+1], s[i+2] = "next", s[i], "of"
		case s[i] == "pasado" && word(1) == "tomorrow":
			s[i] = "over"
		case (s[i] == "weekend" || s[i] == "weekends") && word(1) == "of" && word(2) == "week":
			s[i], s[i+1], s[i+2] = "the", "the", s[i]
		case s[i] == "thirty" && word(1) == "hour":
			s[i] = "half"
		case (s[i] == "before" || s[i] == "after") && word(1) == "of":
			s[i+1] = "the"
		case s[i] == "until" && word(1) == "que":
			s[i+1] = "i"
		case s[i] == "between" && word(1) == "week":
			s[i], s[i+1] = "on", "weekdays"
		case s[i] == "week" && word(1) == "next":
			s[i], s[i+1] = "next", "week"
		case s[i] == "and" && word(1) == "thirty":
			s[i], s[i+1] = "thirty", "oclock"
		case s[i] == "of" && word(1) == "the" && (word(2) == "afternoon" || word(2) == "night" || word(2) == "morning"):
			s[i] = "in"
		}
	}
	return s
}
