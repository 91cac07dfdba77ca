package phone

import (
	"errors"
	"fmt"
	"strings"
)

// oldZones is the zone to name in place of an abbreviation or of a name from before
// the IANA database had places: each is one offset for the whole year, or is ambiguous.
var oldZones = map[string]string{
	"EST": eastern, "EDT": eastern, "ET": eastern, "EST5EDT": eastern, "EASTERN": eastern,
	"CST": central, "CDT": central, "CT": central, "CST6CDT": central, "CENTRAL": central,
	"MST": mountain, "MDT": mountain, "MT": mountain, "MST7MDT": mountain, "MOUNTAIN": mountain,
	"PST": pacific, "PDT": pacific, "PT": pacific, "PST8PDT": pacific, "PACIFIC": pacific,
	"AKST": alaska, "AKDT": alaska, "ALASKA": alaska, "HST": hawaii, "HDT": aleutian, "HAWAII": hawaii,
	"AST": atlantic, "SST": samoa, "CHST": chamorro, "ARIZONA": arizona,
}

// CheckZone tells why a name can't be the zone of a person in the US, with the name to
// use if there is one; nil for a zone that [ZoneOf] knows. A fixed offset, such as EST
// or Etc/GMT+5, is an hour off in summer, so it is not one.
func CheckZone(name string) error {
	if ZoneOf(name) != "" {
		return nil
	}
	if err := checkPlace(name); err != nil {
		return err
	}
	return errors.New("is not a US time zone: want one such as America/New_York")
}

// CheckAnyZone is [CheckZone] for a person anywhere in the world.
func CheckAnyZone(name string) error {
	if ZoneOf(name) != "" {
		return nil
	}
	return checkPlace(name)
}

// checkPlace tells why a name is not that of a place's zone in the IANA database.
func checkPlace(name string) error {
	bare := strings.ToUpper(strings.TrimSpace(name))
	bare = strings.TrimSuffix(strings.TrimSuffix(bare, " TIME"), " STANDARD")
	if use, ok := oldZones[bare]; ok {
		return fmt.Errorf("is an abbreviation or a fixed offset, wrong for half of the year: want %s", use)
	}
	for _, known := range ZoneNames() {
		if strings.EqualFold(known, strings.ReplaceAll(strings.TrimSpace(name), " ", "_")) {
			return fmt.Errorf("must be written as %s", known)
		}
	}
	area, _, place := strings.Cut(name, "/")
	_, err := LoadZone(name)
	switch {
	case err != nil:
		return errors.New("must be a zone of the IANA database, such as America/New_York")
	case !place || area == "Etc" || area == "SystemV":
		return errors.New("is a fixed offset, or not the zone of a place: want one such as America/New_York")
	}
	return nil
}
