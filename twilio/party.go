package twilio

import "github.com/patchcord/patchcord/phone"

// Party is one end of a call as Twilio writes it.
type Party = phone.Party
