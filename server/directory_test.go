package server

import (
	"testing"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Whoever answers a text of a seller speaks to that seller, and to nobody else.
func TestSellersAtTheNumberThatSendsTexts(t *testing.T) {
	t.Parallel()
	n, err := phone.Parse("+14155550107")
	if err != nil {
		t.Fatal(err)
	}
	d := Directory{Sellers: map[string]consent.Seller{"riverbend": {Name: "riverbend"}, "harbor": {Name: "harbor"}}, TextsFrom: map[string]phone.Number{"riverbend": n}}
	if list := d.sellersAt(n); len(list) != 1 || list[0].Name != "riverbend" {
		t.Errorf("%+v", list)
	}
}
