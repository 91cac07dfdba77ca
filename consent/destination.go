package consent

import (
	"slices"

	"github.com/patchcord/patchcord/phone"
)

// area is what the digits after +1 say about where a number leads.
type area struct {
	code    string
	country string // ISO 3166; US for its territories, too
	noPlace bool   // toll-free, premium, a service
}

// areaOf asks for the area of a number. It is not known for an area code that is
// given to nobody, nor outside +1.
func areaOf(n phone.Number) (area, bool) {
	npa, _, _, ok := nanp(n)
	if !ok || npa[0] < '2' || npa[1] == '9' || npa[:2] == "37" || npa[:2] == "96" { // 37X and 96X are held back, N9X are for longer numbers
		return area{}, false
	}
	switch {
	case slices.Contains(tollfree, npa) || npa == "900" || npa == "700" || npa == "710" || npa[1:] == "11" || npa == "988" || npa[0] == '5' && npa[1] == npa[2]:
		return area{npa, "", true}, true
	case slices.Contains(abroad, npa):
		return area{npa, "CA or the Caribbean", false}, true
	}
	return area{npa, "US", false}, true
}

// abroad is the area codes of +1 outside of the United States.
var abroad = []string{
	"204", "226", "236", "242", "246", "249", "250", "257", "263", "264", "268", "284", "289", "306", "343", "345", "354", "365", "367", "368",
	"382", "403", "416", "418", "428", "431", "437", "438", "441", "450", "460", "468", "473", "474", "506", "514", "519", "548", "579", "581",
	"584", "587", "600", "604", "613", "622", "639", "647", "649", "658", "664", "672", "683", "705", "709", "721", "742", "753", "758", "767",
	"778", "780", "782", "784", "807", "809", "819", "825", "829", "849", "867", "868", "869", "873", "876", "879", "902", "905", "942",
}
