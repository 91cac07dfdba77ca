package consent

import "github.com/patchcord/patchcord/phone"

// Unreachable is why no call of a gate can ever reach a number, whatever is known of
// it, as the rules about numbers say; "" if one can. It tells whoever writes down a
// consent at once, and not when the call is due.
func Unreachable(n phone.Number) string {
	e := &evaluation{policy: &Policy{}, req: Request{To: n}}
	for _, r := range numberRules {
		switch r.id {
		case "invalid_number", "destination.country", "destination.blocked":
			for _, result := range r.eval(e) {
				if result.Status != Pass && result.Status != NotApplicable {
					return result.Reason
				}
			}
		}
	}
	return ""
}

// needsReach tells whether facts of a type are of use only for a number that can be
// called. A refusal never is: it is taken for every number there may be.
func needsReach(t Type) bool { return t == Grant || t == Scrub || t == NumberFact }
